/** The running summary of a conversation, made beside the answer and kept with the turn. */
import { dueSummary, keptSummary, summaryByCode } from "../conversation/summary.ts";
import { describeError } from "../errors.ts";
import { expiryOf } from "../retention.ts";
import type { Summary, TurnRecord } from "../store/store.ts";
import { within } from "../timing/deadline.ts";
import type { Session, Turn } from "./decision.ts";

/** A summary that takes longer is made by code: an answer does not wait for it. */
const LONGEST_MS = 8_000;

/** Sums up what is about to leave the window; undefined while there is room. Never throws but on abort. */
export async function sumUp(
  turn: Turn,
  { spent }: Pick<Session, "spent">,
  window: { readonly turns: readonly TurnRecord[]; readonly maxTurns: number; readonly maxCharacters: number },
): Promise<Summary | undefined> {
  const { event, dependencies } = turn;
  const { environment, retention } = dependencies;
  const expiry = new Date(retention === undefined ? 0 : expiryOf(retention, "history", environment.clock()));
  const due = dueSummary(window.turns, { ...window, chatType: event.chat.type, expiry: expiry.toISOString() });
  if (due === undefined) return undefined;
  const { through, since } = due;
  const byModel = spent === undefined ? await askCrew(turn, due) : undefined;
  const text = keptSummary(byModel ?? "") || keptSummary(summaryByCode(due));
  const outcome = byModel === undefined ? "by-code" : "by-model";
  turn.recorder.step({ kind: "conversation", name: "summary", outcome, data: { messages: due.messages.length } });
  return { text, through, since };
}

async function askCrew(turn: Turn, due: Parameters<typeof summaryByCode>[0]): Promise<string | undefined> {
  const { crew } = turn.bot;
  const { arrivals, recorder, meter, dependencies } = turn;
  if (crew.summarize === undefined || due.messages.length === 0) return undefined;
  const { summarize } = crew;
  try {
    const made = await within(
      async (signal) => await summarize(due, { signal, usage: meter.add, trace: recorder.step }),
      { ms: LONGEST_MS, signal: arrivals.signal },
    );
    return made?.value;
  } catch (thrown) {
    arrivals.signal.throwIfAborted();
    const { log } = dependencies.telemetry;
    log.warn({ correlationId: turn.event.id, error: describeError(thrown) }, "no model summed up the conversation");
    return undefined;
  }
}
