/** A live Slack account: what comes in is made durable, then answered; Home tab, modal and assistant chats are served. */
import { z } from "zod";
import type { AdapterContext, AdapterSession, Attachment, Health } from "../../adapter.ts";
import { AttachmentFetchError, describeError, ParleyError } from "../../adapter.ts";
import { createComplete } from "./complete.ts";
import { manifest } from "./manifest.ts";
import { normalizeSlack } from "./normalize.ts";
import { type Take, createCatchUp, httpRoutes, openSocket } from "./transport/index.ts";
import { encodeMrkdwn } from "./mrkdwn.ts";
import type { Block, SlackPayload } from "./render.ts";
import { noteOrganisation } from "./organisation.ts";
import { createSender } from "./send.ts";
import type { SlackSettings } from "./settings.ts";
import { meaningOf, registerCommands, serveEvent } from "./surfaces.ts";
import { type Workspaces, createWorkspaces } from "./workspaces.ts";

type Context = AdapterContext<SlackSettings>;

/** Resolves when Slack's socket is open, or at once where events come by HTTP. Throws `SlackTokenError`, `SlackSocketError`. */
export async function connectSlack(context: Context): Promise<AdapterSession<SlackPayload>> {
  const { settings, environment, log } = context;
  const workspaces = createWorkspaces(context);
  await workspaces.all();
  const state: { closed: boolean; receivedAt?: string } = { closed: false };
  const taking = new Set<Promise<unknown>>();
  const taken = createTake(context, workspaces);
  const catchUp = createCatchUp(context, workspaces, async (body) => await take(body));
  const take: Take = async (body) => {
    // Not acknowledged, it comes to the process that takes over.
    if (state.closed)
      throw new ParleyError(
        "slack/closed",
        "Slack: this process no longer takes events of the account. Slack sends it again.",
        {
          retryable: true,
          status: 503,
        },
      );
    state.receivedAt = new Date(environment.clock()).toISOString();
    const work = taken(body);
    taking.add(work);
    try {
      const answer = await work;
      catchUp.note(body);
      return answer;
    } finally {
      taking.delete(work);
    }
  };
  const inBackground = (work: Promise<void>, what: string): void => {
    work.catch((thrown: unknown) => log.warn({ error: describeError(thrown) }, what));
  };
  inBackground(registerCommands(context), "Slack's slash commands were not registered");
  const socket =
    settings.appToken === undefined
      ? undefined
      : await openSocket(context, {
          take,
          onConnected: () => inBackground(catchUp.run(), "missed messages were not found"),
        });
  if (socket === undefined) inBackground(catchUp.run(), "missed messages were not found");
  return {
    ...createSender(workspaces, context),
    fetchAttachment: async (attachment, signal) =>
      await openAttachment({ workspaces, fetchFile: context.fetchFile }, attachment, signal),
    routes: httpRoutes(context, take, workspaces),
    health: () => healthOf({ ...state, refused: workspaces.refusedToken(), socket: socket?.state() }),
    close: async () => {
      if (state.closed) return;
      state.closed = true;
      await Promise.allSettled(taking);
      await catchUp.close();
      await socket?.close();
    },
  };
}

interface Facts {
  readonly closed: boolean;
  readonly receivedAt?: string;
  readonly refused: string | undefined;
  readonly socket: { readonly connected: boolean; readonly detail: string } | undefined;
}

function healthOf({ closed, receivedAt, refused, socket }: Facts): Health {
  const lastReceived = receivedAt === undefined ? {} : { lastReceivedAt: receivedAt };
  if (closed) return { state: "closed", detail: "closed", ...lastReceived };
  if (refused !== undefined) {
    return {
      state: "down",
      detail: `Slack refuses the bot token (${refused})`,
      remedy: "Reinstall the app in the workspace (OAuth & Permissions), give its new token, and restart.",
      ...lastReceived,
    };
  }
  if (socket?.connected === false)
    return { state: "degraded", detail: socket.detail, remedy: "Run: parley doctor", ...lastReceived };
  return {
    state: "live",
    detail: socket === undefined ? "waiting for signed requests" : "Socket Mode",
    ...lastReceived,
  };
}

const Kind = z.object({ type: z.string().optional(), command: z.string().optional() });
const Channel = z.object({ event: z.object({ channel: z.string() }) });

/** Events of one channel are handed in as they came, however long each takes to be completed. */
function createTurns(): (body: unknown, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return async (body, work) => {
    const channel = Channel.safeParse(body).data?.event.channel ?? "";
    // What failed before is Slack's to send again; it holds up nobody.
    const before = last.get(channel)?.catch(() => undefined);
    const turn = (before ?? Promise.resolve()).then(work);
    last.set(channel, turn);
    try {
      await turn;
    } finally {
      if (last.get(channel) === turn) last.delete(channel);
    }
  };
}

/** Makes bodies durable. What concerns only the app's own surfaces is served here and noted as ignored. */
function createTake(context: Context, workspaces: Workspaces): Take {
  const { settings, accept, environment, log } = context;
  const later = (work: Promise<unknown>, what: string): void => {
    work.catch((thrown: unknown) => log.warn({ error: describeError(thrown) }, what));
  };
  const complete = createComplete(context, workspaces);
  const inTurn = createTurns();
  const handIn = async (body: unknown): Promise<void> => {
    await accept(normalizeSlack(body, { settings }));
  };
  return async (raw) => {
    const receivedAt = new Date(environment.clock()).toISOString();
    const body = typeof raw === "object" && raw !== null ? { ...raw, received_at: receivedAt } : raw;
    const { type = "", command } = Kind.safeParse(body).data ?? {};
    await noteOrganisation(body, workspaces);
    if (type === "event_callback") {
      later(serveEvent(body, context, workspaces), "Slack's view could not be shown");
      const completing = complete(body);
      await inTurn(body, async () => await handIn(await completing));
      return undefined;
    }
    if (command !== undefined) {
      try {
        await handIn(body);
        return undefined;
      } catch (thrown) {
        // Slack tries a command once only: the person must know.
        log.warn({ error: describeError(thrown) }, "a command could not be taken");
        return { response_type: "ephemeral", text: "I could not take that just now. Please try again in a moment." };
      }
    }
    const meant = await meaningOf(body, receivedAt, { context, workspaces });
    if (meant === undefined) return undefined;
    await handIn(meant);
    later(markDecided(body, workspaces), "a pressed message was not updated");
    return undefined;
  };
}

const Decided = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }),
  message: z.object({
    ts: z.string(),
    text: z.string().default(""),
    blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() }).loose()),
  }),
  actions: z.array(
    z.object({
      block_id: z.string(),
      text: z.object({ text: z.string() }).optional(),
      selected_option: z.object({ text: z.object({ text: z.string() }) }).nullish(),
      action_id: z.string(),
    }),
  ),
});

/** Whoever was asked has decided: the buttons give way to what was chosen. A stranger's press changes nothing. */
async function markDecided(body: unknown, workspaces: Workspaces): Promise<void> {
  const decided = Decided.safeParse(body);
  const [action] = decided.success ? decided.data.actions : [];
  if (!decided.success || action === undefined) return;
  const { user, team, channel, message } = decided.data;
  if (!action.block_id.startsWith(`choices:${user.id}:`)) return;
  const label = action.selected_option?.text.text ?? labelOf(message.blocks, action.action_id);
  const chosen: Block = {
    type: "context",
    elements: [{ type: "mrkdwn", text: `✓ ${encodeMrkdwn(label)} — <@${user.id}>` }],
  };
  const blocks = message.blocks.flatMap((block) => (block.block_id === action.block_id ? [chosen] : [block]));
  const workspace = await workspaces.of(team?.id ?? user.team_id);
  await workspace.call("chat.update", { channel: channel.id, ts: message.ts, text: message.text, blocks });
}

function labelOf(blocks: unknown, actionId: string): string {
  const Labelled = z.array(
    z.object({ elements: z.array(z.object({ action_id: z.string().optional(), text: z.unknown() })).optional() }),
  );
  const elements = (Labelled.safeParse(blocks).data ?? []).flatMap(({ elements: inner = [] }) => inner);
  const text = z.object({ text: z.string() }).safeParse(elements.find((one) => one.action_id === actionId)?.text);
  return text.success ? text.data.text : "";
}

/** The bytes of a file that a person sent, with the workspace's own token. */
async function openAttachment(
  { workspaces, fetchFile }: { readonly workspaces: Workspaces } & Pick<Context, "fetchFile">,
  { reference, mediaType }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const parsed = z.object({ team: z.string(), url: z.string() }).safeParse(reference);
  if (!parsed.success) throw new AttachmentFetchError("Slack gave no address for it", false);
  const { team, url } = parsed.data;
  const workspace = await workspaces.of(team);
  const bytes = await fetchFile(url, {
    headers: { authorization: `Bearer ${workspace.token}` },
    maxBytes: manifest.capabilities.files === false ? 0 : manifest.capabilities.files.maxBytes,
    signal,
  });
  return mediaType === "text/html" ? bytes : withoutSignIn(bytes);
}

// Without the right to read files Slack answers with its sign-in page, and with 200.
async function* withoutSignIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of bytes) {
    if (first && /^\s*<!doctype html/iu.test(Buffer.from(chunk.subarray(0, 64)).toString("latin1"))) {
      throw new AttachmentFetchError("Slack asks to sign in: the scope files:read is missing", false);
    }
    first = false;
    yield chunk;
  }
}
