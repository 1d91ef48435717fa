import { quietContext, type OpenLocalPlatform } from "../../core/testing/index.ts";
import { accountId } from "../../core/conversation-id.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import { textOf } from "../../core/event.ts";
import { targetOf } from "../../core/turn/outbox-drafts.ts";
import type { HttpRoute } from "../../core/http.ts";

/** From a person's message to the visible answer, in ms. */
export interface RoundTrips {
  readonly p50: number;
  readonly p99: number;
  readonly asked: number;
  readonly answered: number;
}

/** Many people, so that no platform's limit for one chat is met. */
const PEOPLE = 100;

/** Says so many messages a second, each answered at once by `send`, and looks when the answer is visible. */
export async function roundTrips(
  open: OpenLocalPlatform,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<RoundTrips> {
  const offered: { routes: readonly HttpRoute[] } = { routes: [] };
  const platform = await open({ webhook: { routes: () => offered.routes } });
  const { adapter, settings } = platform.account;
  const bound = adapter.bind(settings);
  const { platform: name, capabilities } = adapter.manifest;
  const account = accountId(name, "main");
  const environment = { clock: Date.now, newId: () => crypto.randomUUID(), random: Math.random };
  const shown = new Map<string, number>();
  const answer = async (draft: Parameters<typeof completeEvent>[0]): Promise<void> => {
    const event = completeEvent(draft, { account, bot: "bench", environment });
    const text = textOf(event);
    const base = { sources: [], disclaimers: [], confidence: 1, processingTimeMs: 0, model: "none" };
    const { parts } = bound.render({ ...base, id: event.id, text: `answer ${text}` }, { capabilities, plain: false });
    for (const [part, payload] of parts.entries()) {
      await session.send({
        conversation: event.conversation,
        target: targetOf(event),
        payload,
        key: `${event.id}.0.${part}`,
        eventId: event.id,
        replyIndex: 0,
        replyCount: 1,
        part,
        partCount: parts.length,
        signal: new AbortController().signal,
      });
    }
    shown.set(text, performance.now());
  };
  const session = await bound.connect(
    quietContext(name, {
      accept: async (normalized) => {
        if ("event" in normalized && normalized.event.type === "message")
          void answer(normalized.event).catch(() => undefined);
        return undefined;
      },
    }),
  );
  offered.routes = session.routes ?? [];
  const people = Array.from({ length: PEOPLE }, (_, index) => platform.person(String(2_000 + index), `P${index}`));
  const said = new Map<string, number>();
  const total = perSecond * seconds;
  for (let index = 0; index < total; index += 1) {
    const text = `question-${index}`;
    said.set(text, performance.now());
    void people[index % PEOPLE]?.say(text);
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await session.close();
  await platform.close();
  return summary(said, shown);
}

function summary(said: ReadonlyMap<string, number>, shown: ReadonlyMap<string, number>): RoundTrips {
  const times = [...said]
    .flatMap(([text, at]) => (shown.has(text) ? [(shown.get(text) ?? 0) - at] : []))
    .toSorted((left, right) => left - right);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), asked: said.size, answered: times.length };
}
