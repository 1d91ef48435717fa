/** The Cloud API adapter on its local platform, with all that it handed in. */
import type { AdapterSession, Normalized, Outgoing } from "../../core/adapter.ts";
import type { SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import { conversationId } from "../../core/conversation-id.ts";
import type { ParleyError } from "../../core/errors.ts";
import type { Reply } from "../../core/reply.ts";
import type { CompletePerson } from "../../core/testing/index.ts";
import { quietContext } from "../../core/testing/index.ts";
import type { LocalCloud } from "../../adapters/whatsapp/testing/index.ts";
import { openWhatsappCloudLocally } from "../../adapters/whatsapp/testing/index.ts";

/** An account connected to its local platform, with all that was handed in. */
export interface CloudLine {
  readonly platform: LocalCloud;
  readonly session: AdapterSession<SealedPayload>;
  readonly accepted: Normalized[];
  readonly events: () => readonly Extract<Normalized, { event: unknown }>["event"][];
  readonly ann: CompletePerson;
  readonly send: (reply: Reply, changed?: Partial<Outgoing<SealedPayload>>) => Promise<string>;
  readonly render: (reply: Reply) => readonly SealedPayload[];
  readonly refuse: (error: ParleyError | undefined) => void;
  readonly close: () => Promise<void>;
}

type Context = ConnectContext;

/** Connects an account to a local platform of its own; close it after the test. */
export async function openCloudLine(
  watched: Partial<Context> = {},
  settings: Record<string, unknown> = {},
): Promise<CloudLine> {
  const routes: { session?: AdapterSession<SealedPayload> } = {};
  const platform = await openWhatsappCloudLocally({
    webhook: { routes: () => routes.session?.routes ?? [] },
    settings,
  });
  const accepted: Normalized[] = [];
  const state: { error?: ParleyError | undefined } = {};
  const bound = platform.account.adapter.bind(platform.account.settings);
  const session = await bound.connect(
    quietContext("whatsapp", {
      accept: async (normalized) => {
        if (state.error !== undefined) throw state.error;
        accepted.push(normalized);
        return undefined;
      },
      ...watched,
    }),
  );
  routes.session = session;
  let count = 0;
  const render = (reply: Reply): readonly SealedPayload[] =>
    bound.render(reply, { capabilities: bound.manifest.capabilities, plain: false }).parts;
  const line: CloudLine = {
    render,
    platform,
    session,
    accepted,
    events: () => accepted.flatMap((one) => ("event" in one ? [one.event] : [])),
    ann: platform.person("15551234567", "Ann"),
    send: async (reply, changed = {}) => {
      let last = "";
      for (const [part, payload] of render(reply).entries()) {
        const { messageId } = await session.send(outgoing(payload, `event.${(count += 1)}`, { part, ...changed }));
        last = messageId;
      }
      return last;
    },
    refuse: (error) => {
      state.error = error;
    },
    close: async () => {
      await session.close();
      await platform.close();
    },
  };
  return line;
}

/** One message to Ann, unless `changed` says otherwise. */
export function outgoing(
  payload: SealedPayload,
  key: string,
  changed: Partial<Outgoing<SealedPayload>>,
): Outgoing<SealedPayload> {
  return {
    conversation: conversationId({ platform: "whatsapp", account: "main", chat: "15551234567" }),
    target: { chat: "15551234567", userId: "15551234567" },
    payload,
    key,
    eventId: "event",
    replyIndex: 0,
    replyCount: 1,
    part: 0,
    partCount: 1,
    signal: new AbortController().signal,
    ...changed,
  };
}
