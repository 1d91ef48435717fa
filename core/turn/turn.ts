/**
 * One turn, from a claimed mailbox to the outbox:
 * replay → guards → conversation → commands → links → confirmation → cache → crew → compliance → history → commit.
 */
import type { Claim, ClaimHandler, WaitingEvent } from "../broker/broker.ts";
import type { InboundEvent } from "../event.ts";
import type { Reply, ReplyDraft } from "../reply.ts";
import type { Trace } from "../trace.ts";
import type { Arrivals } from "./arrivals.ts";
import { watchArrivals } from "./arrivals.ts";
import { collapseBurst, wordsOf } from "./collapse.ts";
import type { Decision, TurnDependencies } from "./decision.ts";
import { decide } from "./decide.ts";
import { failurePhrase, TurnSupersededError, UnknownBotError } from "./failure.ts";
import { openLiveSignals } from "./live-signals.ts";
import { toOutboxDrafts } from "./outbox-drafts.ts";
import { phrasesFor } from "./phrases.ts";
import type { Recorder } from "./recorder.ts";
import { createRecorder } from "./recorder.ts";
import type { RunningBot } from "./running-bot.ts";

/** Makes the handler that workers run for each turn. */
export function createTurnHandler(dependencies: TurnDependencies): ClaimHandler {
  return async (claim) => {
    const head = claim.waiting[0];
    if (head === undefined) return;
    const bot = dependencies.bot(head.event.bot);
    if (bot === undefined) throw new UnknownBotError(head.event.bot);
    const { event } = head;
    await dependencies.telemetry.inSpan(
      { name: "parley.turn", attributes: { "parley.event": event.id, "parley.conversation": event.conversation } },
      async () => await runTurn({ claim, bot, event, dependencies }),
    );
  };
}

interface TurnFacts {
  readonly claim: Claim;
  readonly bot: RunningBot;
  readonly event: InboundEvent;
  readonly dependencies: TurnDependencies;
}

async function runTurn(facts: TurnFacts): Promise<void> {
  const { claim, bot, event, dependencies } = facts;
  const { broker, environment, telemetry } = dependencies;
  const startedAt = environment.clock();
  const covered = collapseBurst(claim.waiting, bot.config.policies.burstMs);
  telemetry.metrics.queueWait({ platform: event.platform }, (startedAt - Date.parse(event.receivedAt)) / 1000);
  const recorder = createRecorder(covered, event, environment.clock);
  const live = openLiveSignals(event, broker, telemetry.log);
  const arrivals = watchArrivals(claim, covered, bot.config.policies);
  let outcome: Trace["outcome"] = "failed";
  try {
    const decision = await decideSafely(facts, { covered, recorder, arrivals, emit: live.emit });
    const replies = decision.replayed ?? complete(decision.replies, facts, startedAt);
    const written = await conclude(facts, { covered, recorder, decision, replies });
    const through = await lastCovered(claim, covered, arrivals);
    const drafts = toOutboxDrafts(event, written, { money: decision.money, environment });
    await claim.commit({ through, replies: drafts, isLast: true });
    outcome = decision.outcome;
    live.finish(written.length, decision.reason);
  } catch (thrown) {
    live.finish(0);
    recorder.step({ kind: "commit", name: "turn", outcome: "failed", detail: errorCode(thrown) });
    await dependencies.saveTrace(recorder.finish("failed"));
    throw thrown;
  } finally {
    arrivals.close();
    telemetry.metrics.turn({ bot: bot.config.id, outcome }, (environment.clock() - startedAt) / 1000);
  }
}

interface TurnParts {
  readonly covered: readonly WaitingEvent[];
  readonly recorder: Recorder;
  readonly arrivals: Arrivals;
  readonly emit: ReturnType<typeof openLiveSignals>["emit"];
}

/** A deliberate failure becomes an answer by its kind; a superseded turn ends silently; anything else is thrown on. */
async function decideSafely(facts: TurnFacts, parts: TurnParts): Promise<Decision> {
  const { bot, claim, dependencies } = facts;
  try {
    return await decide({ ...facts, ...parts, text: wordsOf(parts.covered) });
  } catch (thrown) {
    const reason: unknown = parts.arrivals.signal.aborted ? parts.arrivals.signal.reason : thrown;
    if (claim.signal.aborted) throw thrown;
    if (reason instanceof TurnSupersededError) {
      parts.recorder.step({ kind: "intake", name: "arrivals", outcome: "cancelled", detail: reason.message });
      return { outcome: "cancelled", replies: [], remember: [], money: false, reason: reason.message };
    }
    const phrase = failurePhrase(reason, phrasesFor(bot.config.locale));
    if (phrase === undefined) throw thrown;
    dependencies.telemetry.log.warn(
      { correlationId: facts.event.id, code: errorCode(reason) },
      "answered with a fallback",
    );
    parts.recorder.step({ kind: "agent", name: "fallback", outcome: "failed", detail: errorCode(reason) });
    return { outcome: "answered", replies: [notice(phrase)], remember: [], money: false };
  }
}

/** Writes history and trace before the commit; gives the replies that stand in the history (a replay reuses them). */
async function conclude(
  facts: TurnFacts,
  parts: Pick<TurnParts, "covered" | "recorder"> & { readonly decision: Decision; readonly replies: readonly Reply[] },
): Promise<readonly Reply[]> {
  const { dependencies, event } = facts;
  const { decision, recorder, replies, covered } = parts;
  recorder.step({
    kind: "commit",
    name: "outbox",
    outcome: decision.outcome,
    ...(decision.reason === undefined ? {} : { detail: decision.reason }),
    data: { replies: replies.length, attempt: facts.claim.attempt },
  });
  const trace = dependencies.saveTrace(recorder.finish(decision.outcome));
  if (decision.outcome === "silent" || decision.replayed !== undefined || decision.session === undefined) {
    await trace;
    return replies;
  }
  const record = dependencies.store.history.write({
    conversation: event.conversation,
    sequence: covered[0]?.sequence ?? 0,
    session: decision.session,
    eventId: event.id,
    userId: event.user.id,
    ...(event.user.name === undefined ? {} : { userName: event.user.name }),
    ...("messageId" in event && event.messageId !== undefined ? { messageId: event.messageId } : {}),
    text: wordsOf(covered),
    replies: [...replies],
    at: event.receivedAt,
    answeredAt: new Date(dependencies.environment.clock()).toISOString(),
  });
  const [written] = await Promise.all([record, trace, rememberFacts(facts, decision)]);
  return written.replies;
}

async function rememberFacts({ dependencies }: TurnFacts, { remember, memory }: Decision): Promise<void> {
  if (memory === undefined || remember.length === 0) return;
  await memory.remember(remember, new Date(dependencies.environment.clock()).toISOString());
}

function complete(drafts: readonly ReplyDraft[], { dependencies }: TurnFacts, startedAt: number): readonly Reply[] {
  const { environment } = dependencies;
  return drafts.map((draft) => ({
    ...draft,
    sources: draft.sources ?? [],
    disclaimers: draft.disclaimers ?? [],
    id: environment.newId(),
    processingTimeMs: Math.max(0, Math.round(environment.clock() - startedAt)),
  }));
}

/** A steered turn covers the messages whose words it took, as far as they follow without a gap. */
async function lastCovered(claim: Claim, covered: readonly WaitingEvent[], arrivals: Arrivals): Promise<number> {
  const last = covered.at(-1)?.sequence ?? 0;
  const steered = arrivals.steered();
  if (steered.size === 0) return last;
  let through = last;
  for (const waiting of await claim.refresh()) {
    if (waiting.sequence <= last) continue;
    if (!steered.has(waiting.event.id)) break;
    through = waiting.sequence;
  }
  return through;
}

/** A reply that the framework itself writes. */
export function notice(text: string): ReplyDraft {
  return { text, confidence: 1, model: "none" };
}

function errorCode(thrown: unknown): string {
  if (thrown instanceof Error) return "code" in thrown ? String(thrown.code) : thrown.name;
  return "unknown";
}
