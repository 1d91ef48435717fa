/**
 * One turn, from a claimed mailbox to the outbox:
 * replay → guards → conversation → commands → links → confirmation → cache → crew → compliance → history → commit.
 */
import { ParleyError } from "../errors.ts";
import type { Claim, ClaimHandler, WaitingEvent } from "../broker/broker.ts";
import type { CrewTurn } from "../crew.ts";
import type { InboundEvent } from "../event.ts";
import { notice, sendableReplies, type Reply, type ReplyDraft } from "../reply.ts";
import type { TurnRecord } from "../store/store.ts";
import type { Trace } from "../trace.ts";
import type { Arrivals } from "./arrivals.ts";
import { watchArrivals } from "./arrivals.ts";
import type { Burst } from "./collapse.ts";
import { fingerprintOf, historyText, wordsOf } from "./content.ts";
import type { Decision, TurnDependencies } from "./decision.ts";
import { decide } from "./decide.ts";
import { failurePhrase, TurnAmendedError, TurnSupersededError } from "./failure.ts";
import { gatherBurst } from "./gather.ts";
import { groupMaskOf } from "./group-mask.ts";
import { openLiveSignals } from "./live-signals.ts";
import { createMeter, type Meter } from "./meter.ts";
import { toOutboxDrafts } from "./outbox-drafts.ts";
import { phrasesFor } from "./phrases.ts";
import { withReferredWords } from "./recall.ts";
import type { Recorder } from "./recorder.ts";
import { createRecorder } from "./recorder.ts";
import type { RunningBot } from "./running-bot.ts";

/** Makes the handler that workers run for each turn. */
export function createTurnHandler(dependencies: TurnDependencies): ClaimHandler {
  const handler: ClaimHandler = async (claim) => {
    const head = claim.waiting[0];
    if (head === undefined) return;
    const { event } = head;
    const bot = dependencies.bot(event.bot);
    if (bot === undefined)
      throw new ParleyError(
        "turn/unknown-bot",
        `No bot "${event.bot}" is configured. Add it to bots.config.ts, or remove its dead letters.`,
      );
    await dependencies.telemetry.inSpan(
      { name: "parley.turn", attributes: { "parley.event": event.id, "parley.conversation": event.conversation } },
      async () =>
        await runTurn({ claim, bot, event, dependencies, meter: createMeter({ claim, bot, event, dependencies }) }),
    );
  };
  return handler;
}

interface TurnFacts {
  readonly claim: Claim;
  readonly bot: RunningBot;
  readonly event: InboundEvent;
  readonly meter: Meter;
  readonly dependencies: TurnDependencies;
}

async function runTurn(facts: TurnFacts): Promise<void> {
  const { claim, bot, event, dependencies } = facts;
  const { broker, environment, telemetry } = dependencies;
  const startedAt = environment.clock();
  if (claim.attempt === 1)
    telemetry.metrics.queueWait({ platform: event.platform }, (startedAt - Date.parse(event.receivedAt)) / 1000);
  const live = openLiveSignals(event, broker, telemetry.log);
  const mask = groupMaskOf(bot, event, () => wordsOf(claim.waiting));
  let outcome: Trace["outcome"] = "failed";
  try {
    const { decision, burst, ...parts } = await decideOnLatestWords(facts, mask.emit(live.emit));
    await facts.meter.settle();
    const writtenBefore = async (): Promise<readonly string[]> => await wordsBefore(facts);
    const replies =
      decision.replayed ?? complete(await mask.replies(decision.replies, writtenBefore), facts, startedAt);
    const written = await conclude(facts, { ...parts, decision, replies });
    const { steered } = parts.arrivals;
    const through = steered.size === 0 ? burst.through : await lastCovered(claim, burst.through, steered);
    // An earlier attempt may have shown something before it died.
    const streamed = live.hasStreamed() || claim.attempt > 1;
    const drafts = toOutboxDrafts(parts.event, written, { money: decision.money, streamed, environment });
    await claim.commit({ through, replies: drafts, isLast: true });
    outcome = decision.outcome;
    live.finish(written.length, { ...decision, covered: parts.covered.map((one) => one.event.id) });
  } catch (thrown) {
    live.finish(0);
    // What it has cost counts all the same; that it could not be written is logged.
    await facts.meter.settle().catch(() => undefined);
    throw thrown;
  } finally {
    telemetry.metrics.turn({ bot: bot.config.id, outcome }, (environment.clock() - startedAt) / 1000);
  }
}

interface TurnParts {
  /** The first of the covered messages: its id is the correlation id. */
  readonly event: InboundEvent;
  readonly covered: readonly WaitingEvent[];
  readonly recorder: Recorder;
  readonly arrivals: Arrivals;
}

interface Decided extends TurnParts {
  readonly burst: Burst;
  readonly decision: Decision;
}

/** Somebody who edits faster than answers are made is answered to what stands there after so many tries. */
const MOST_AMENDMENTS = 5;

/** Decides; an edit or a deletion during the work starts it over on the words as they are then. */
async function decideOnLatestWords(facts: TurnFacts, emit: CrewTurn["emit"]): Promise<Decided> {
  const { claim, bot, dependencies } = facts;
  const { clock } = dependencies.environment;
  const { burstMs } = bot.config.policies;
  let waiting = claim.waiting;
  for (let round = 1; ; round += 1) {
    const burst = await gatherBurst(claim, waiting, { burstMs, clock });
    const covered = await withReferredWords(burst.covered, dependencies.store);
    const { event } = covered[0] ?? facts;
    const recorder = createRecorder(covered.length === 0 ? claim.waiting.slice(0, 1) : covered, event, clock);
    for (const one of covered) {
      const detail = one.event.repairs?.join("; ");
      if (detail !== undefined) recorder.step({ kind: "intake", name: "repairs", outcome: "cut", detail });
    }
    const arrivals = watchArrivals(claim, covered, bot.config.policies);
    const parts = { event, covered, recorder, arrivals };
    try {
      if (covered.length === 0) return { ...parts, burst, decision: takenBack(recorder) };
      const decision = await decideSafely(facts, { ...parts, emit });
      if (decision !== "amended") return { ...parts, burst, decision };
    } catch (thrown) {
      recorder.step({ kind: "commit", name: "turn", outcome: "failed", detail: errorCode(thrown) });
      await dependencies.saveTrace(recorder.finish("failed"));
      throw thrown;
    } finally {
      arrivals.close();
    }
    await bot.toolset.confirmations.withdraw(
      { conversation: event.conversation, eventId: event.id },
      { eventId: event.id },
    );
    emit({ type: "reset" });
    waiting = await claim.refresh();
    if (round === MOST_AMENDMENTS) throw new TurnAmendedError("edit");
  }
}

/** Nothing is left to answer: the person deleted the message before it was answered. */
function takenBack(recorder: Recorder): Decision {
  const reason = "the message was deleted before it was answered";
  recorder.step({ kind: "intake", name: "arrivals", outcome: "cancelled", detail: reason });
  return { outcome: "cancelled", replies: [], remember: [], money: false, reason };
}

/** A deliberate failure becomes an answer by its kind; a superseded turn ends silently; anything else is thrown on. */
async function decideSafely(
  facts: TurnFacts,
  parts: TurnParts & { readonly emit: CrewTurn["emit"] },
): Promise<Decision | "amended"> {
  const { bot, claim, dependencies } = facts;
  try {
    return await decide({ ...facts, ...parts, text: wordsOf(parts.covered) });
  } catch (thrown) {
    const reason: unknown = parts.arrivals.signal.aborted ? parts.arrivals.signal.reason : thrown;
    if (claim.signal.aborted) throw thrown;
    if (reason instanceof TurnAmendedError) return "amended";
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
    const record = await dependencies.store.conversations.get(parts.event.conversation);
    const kept = record === undefined ? {} : { session: record.session };
    return { outcome: "answered", replies: [notice(phrase)], remember: [], money: false, ...kept };
  }
}

/** Writes history and trace before the commit; gives the replies that stand in the history (a replay reuses them). */
async function conclude(
  facts: TurnFacts,
  parts: TurnParts & { readonly decision: Decision; readonly replies: readonly Reply[] },
): Promise<readonly Reply[]> {
  const { dependencies } = facts;
  const { decision, recorder, replies, covered, event } = parts;
  recorder.step({
    kind: "commit",
    name: "outbox",
    outcome: decision.outcome,
    ...(decision.reason === undefined ? {} : { detail: decision.reason }),
    data: { replies: replies.length, attempt: facts.claim.attempt },
  });
  const trace = recorder.finish(decision.outcome);
  if (decision.replayed !== undefined || decision.session === undefined) {
    await dependencies.saveTrace(trace);
    return replies;
  }
  const answeredAt = new Date(dependencies.environment.clock()).toISOString();
  const turn: TurnRecord = {
    conversation: event.conversation,
    sequence: covered[0]?.sequence ?? 0,
    session: decision.session,
    eventId: event.id,
    userId: event.user.id,
    ...(event.user.name === undefined ? {} : { userName: event.user.name }),
    ...("messageId" in event && event.messageId !== undefined ? { messageId: event.messageId } : {}),
    messages: covered.flatMap(({ event: one }) =>
      "messageId" in one && one.messageId !== undefined ? [{ id: one.messageId, fingerprint: fingerprintOf(one) }] : [],
    ),
    text: historyText(covered),
    replies: [...replies],
    ...standing(decision),
    at: event.receivedAt,
    answeredAt,
  };
  const { remember, memory } = decision;
  const remembered = remember.length === 0 ? undefined : memory?.remember(remember, answeredAt);
  const [written] = await Promise.all([dependencies.store.history.write(turn, trace), remembered]);
  return written.replies;
}

/** What people wrote in this chat before, as far back as the crew reads. */
async function wordsBefore({ bot, event, dependencies }: TurnFacts): Promise<readonly string[]> {
  const turns = Math.max(1, bot.config.policies.historyTurns);
  const before = await dependencies.store.history.window(event.conversation, { turns });
  return before.map(({ text }) => text);
}

function standing({ dialogue, strain, summary }: Decision): Pick<TurnRecord, "dialogue" | "strain" | "summary"> {
  return { ...(dialogue && { dialogue }), ...(strain && { strain }), ...(summary && { summary }) };
}

function complete(drafts: readonly ReplyDraft[], { dependencies }: TurnFacts, startedAt: number): readonly Reply[] {
  const { environment } = dependencies;
  return sendableReplies(drafts).map((draft) => ({
    ...draft,
    id: environment.newId(),
    processingTimeMs: Math.max(0, Math.round(environment.clock() - startedAt)),
  }));
}

/** A steered turn covers the messages whose words it took, as far as they follow without a gap. */
async function lastCovered(claim: Claim, last: number, steered: ReadonlySet<string>): Promise<number> {
  let through = last;
  for (const waiting of await claim.refresh()) {
    if (waiting.sequence <= last) continue;
    if (!steered.has(waiting.event.id)) break;
    through = waiting.sequence;
  }
  return through;
}

function errorCode(thrown: unknown): string {
  if (thrown instanceof Error) return "code" in thrown ? String(thrown.code) : thrown.name;
  return "unknown";
}
