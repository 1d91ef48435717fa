/** What a person says in words about a request of theirs: no, yes, something else, or to have it undone. */
import { textOf } from "../../core/event.ts";
import type { AnswerOfTool } from "../../core/tool.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import { notice, type ReplyDraft } from "../../core/reply.ts";
import { closeProposal } from "./closing.ts";
import { type Handling, pendingOf } from "./handling.ts";
import { isInTime, isRequester, type ProposalOutcome, type ProposalRecord, proposalOf } from "./proposal-record.ts";
import { table } from "./proposal-table.ts";
import { inquires, leavesOut, readReply, type Waiting } from "./read-reply.ts";
import { type ConfirmationTexts, textsFor } from "./texts.ts";
import { leftOutBy, namedIn, wholeSum } from "./which-one.ts";

/** How long after it was carried out "undo that" means it. */
const UNDO_MS = 24 * 60 * 60_000;
const REFUSED = "confirmation/cancelled";

const undoing =
  /\b(?:undo|revert|reverse|(?:take|get|pull|claim|fetch|call) (?:\S+ ){1,3}back\b|(?:cancel|stop|recall) (?:it|that|this|the (?:transfer|payment|order)))\b|rückgängig|zurück(?:holen|nehmen|buchen)|\b(?:storniere|brich|hol|nimm) (?:das|es|die)\b/iu;

/**
 * Answers a refusal (what waits is cancelled; of several, what is named), a question for what it says, a yes (what is of low risk and waits alone is confirmed; else it says how to
 * confirm) and a wish to undo; undefined for the rest. Of what is said to people only a refusal is answered.
 */
export async function answerWords(handling: Handling, saidTo: "bot" | "people"): Promise<ReplyDraft | undefined> {
  const recent = await recentOf(handling);
  const [newest] = recent;
  if (newest === undefined) return undefined;
  const text = wordsIn(handling);
  if (text === undefined) return undefined;
  const replayed = recent.find(
    ({ decidedBy, outcome }) => decidedBy === handling.event.id && outcome?.code === REFUSED,
  );
  if (replayed !== undefined) return notice(replayed.outcome?.text ?? textsFor(replayed.locale).cancelled);
  const pending = await pendingOf(handling);
  if (pending.length > 0) return await aboutPending(text, pending, { handling, saidTo });
  return saidTo === "people" ? undefined : await aboutPast(text, newest, handling);
}

interface Said {
  readonly handling: Handling;
  readonly saidTo: "bot" | "people";
}

async function aboutPending(
  text: string,
  pending: readonly ProposalRecord[],
  { handling, saidTo }: Said,
): Promise<ReplyDraft | undefined> {
  const known = await knownOf(pending, handling);
  const reading = readReply(text, known);
  const named = pending.length > 1 ? namedIn(text, pending) : [];
  const left = pending.length > 1 ? leavesOut(text, known) : undefined;
  const leftOut = left === "named" ? leftOutBy(text, pending) : [];
  if (leftOut.length > 0) return await refuseAll(leftOut, handling, pending);
  if (reading === "cancel" || left === "all") return await refuseAll(pending, handling);
  if (saidTo === "people") return undefined;
  if (reading === "confirm") return await affirm(named.length > 0 ? named : pending, handling);
  return reading === "unrelated" && inquires(text) ? aboutWaiting(pending, handling) : undefined;
}

/** A yes in words confirms where a mistake costs little and nothing else can be meant; else it hears how to confirm. */
async function affirm(meant: readonly ProposalRecord[], { decide }: Handling): Promise<ReplyDraft | undefined> {
  const [only, ...others] = meant;
  return only?.risk === "low" && others.length === 0 ? await decide(only, "confirm") : howToConfirm(meant);
}

/**
 * Tells that what waits stays as it is, where another value is named for it and nothing was proposed of that: above what was
 * answered, where that is about the same tool, else above a question.
 */
export async function keepByWords(handling: Handling, answer?: AnswerOfTool): Promise<ReplyDraft | undefined> {
  const text = wordsIn(handling);
  if (text === undefined) return undefined;
  const pending = await pendingOf(handling);
  if (pending.length === 0 || (await isHeeded(handling))) return undefined;
  if (readReply(text, await knownOf(pending, handling)) !== "other-value") return undefined;
  const texts = textsOf(pending);
  const told = texts.unchanged(summariesOf(pending));
  if (answer === undefined || pending.some(({ tool }) => tool !== answer.tool))
    return notice(`${told} ${texts.askAnew}`);
  return { ...answer.reply, text: `${told}\n\n${answer.reply.text}` };
}

/** Whether a new proposal was made of these words: what it takes the place of is void already. */
async function isHeeded(handling: Handling): Promise<boolean> {
  return (await recentOf(handling)).some(({ eventId }) => eventId === handling.event.id);
}

/** Whether the words name another value for what waits. */
export async function changesByWords(handling: Handling): Promise<boolean> {
  const text = wordsIn(handling);
  const pending = text === undefined ? [] : await pendingOf(handling);
  if (text === undefined || pending.length === 0) return false;
  return readReply(text, await knownOf(pending, handling)) === "other-value";
}

/** What still waits, so that no answer to something else passes for a cancellation. */
export async function remindOf(handling: Handling): Promise<string | undefined> {
  const pending = await pendingOf(handling);
  if (pending.length === 0) return undefined;
  return textsOf(pending).stillWaits(summariesOf(pending));
}

function summariesOf(records: readonly ProposalRecord[]): string {
  return records.map(({ echo }) => echo.summary).join("; ");
}

/** In the language that was spoken when the newest was proposed: a "yes" or "stop" tells none. */
function textsOf([newest]: readonly ProposalRecord[]): ConfirmationTexts {
  return textsFor(newest?.locale ?? "en");
}

/** All the words of the turn: a burst may say more than its first message. */
function wordsIn({ event, context }: Handling): string | undefined {
  if (!["message", "command", "edit"].includes(event.type)) return undefined;
  const text = (context.userTexts.at(-1) ?? textOf(event)).trim();
  return text === "" ? undefined : text;
}

async function recentOf({ storage, context }: Handling): Promise<readonly ProposalRecord[]> {
  const recent = await storage.read(() => table.recent(context.conversation));
  return recent.filter((record) => isRequester(record, context));
}

async function knownOf(pending: readonly ProposalRecord[], { tools, context }: Handling): Promise<Waiting> {
  const named = pending.map(async (record) => await tools.alternatives(record.tool, record.arguments, context));
  return { own: pending.flatMap(ownTexts), others: (await Promise.all(named)).flat() };
}

/**
 * What the request consists of, as a person may say it again. Of numbers only its whole sum: parts of an account's number,
 * or of a longer sum, would be another one.
 */
function ownTexts({ echo, code, arguments: input }: ProposalRecord): readonly string[] {
  const { summary, amount, payee = "" } = echo;
  const values = typeof input === "object" && input !== null ? Object.values(input) : [input];
  const texts = [summary, payee, ...values.filter((value) => typeof value === "string")];
  const whole = amount && wholeSum(amount);
  const sum = whole === undefined ? [] : [whole, "00"];
  return [...texts.map((text) => text.replaceAll(/\p{N}+/gu, " ")), ...sum, code];
}

/** What a request says of itself is told as it is stored. */
function aboutWaiting(pending: readonly ProposalRecord[], { context }: Handling): ReplyDraft {
  context.trace({ kind: "confirmation", name: "reminder", outcome: "done", act: "reminds" });
  return notice(textsOf(pending).stillWaits(summariesOf(pending)));
}

async function refuseAll(
  pending: readonly ProposalRecord[],
  handling: Handling,
  all: readonly ProposalRecord[] = pending,
): Promise<ReplyDraft> {
  const texts = textsOf(pending);
  const rest = all.filter((record) => !pending.includes(record));
  const text =
    rest.length > 0
      ? `${texts.oneCancelled(summariesOf(pending))} ${texts.stillWaits(summariesOf(rest))}`
      : pending.length === 1
        ? texts.cancelled
        : texts.allCancelled(pending.length);
  const closed = await closeAll(pending, { text, code: REFUSED }, handling);
  // Somebody pressed Confirm in this very moment: what became of it is told as it is.
  return closed === pending.length
    ? notice(text)
    : await handling.decide(await decidedElse(pending, handling), "cancel");
}

/** The first that something else became of. */
async function decidedElse(
  pending: readonly ProposalRecord[],
  { storage }: Handling,
): Promise<ProposalRecord | undefined> {
  return await storage.read(function* () {
    for (const { id } of pending) {
      const record = yield* table.find(id);
      if (record?.outcome?.code !== REFUSED) return record;
    }
    return undefined;
  });
}

/** Closes them in one transaction; gives how many were still open. */
async function closeAll(
  pending: readonly ProposalRecord[],
  outcome: ProposalOutcome & { readonly code: string },
  { storage, event }: Handling,
): Promise<number> {
  return await storage.write(function* () {
    let closed = 0;
    for (const record of pending) {
      if (yield* closeProposal(storage, record, { status: "cancelled", outcome, by: event.id })) closed += 1;
    }
    return closed;
  });
}

function howToConfirm([newest]: readonly ProposalRecord[]): ReplyDraft | undefined {
  if (newest === undefined) return undefined;
  const { locale } = newest;
  return { ...proposalReply(proposalOf(newest), { locale, intro: textsFor(locale).howTo(newest.code) }), locale };
}

/** A late yes hears that the request has expired; who wants it undone hears what is possible. */
async function aboutPast(text: string, newest: ProposalRecord, handling: Handling): Promise<ReplyDraft | undefined> {
  const { storage, tools, context } = handling;
  const now = storage.clock();
  if (newest.status === "pending" && !isInTime(newest, now)) {
    const reading = readReply(text, { own: ownTexts(newest), others: [] });
    return reading === "confirm" || reading === "cancel" ? await handling.decide(newest, "confirm") : undefined;
  }
  if (newest.status !== "executed" || now - (newest.decidedAt ?? 0) > UNDO_MS || !undoing.test(text)) return undefined;
  const hint = tools.afterwards(newest.tool, newest.locale) ?? "";
  context.trace({ kind: "confirmation", name: "undo", outcome: "done", act: "cannot" });
  return notice(textsFor(newest.locale).tooLate(newest.echo.summary, hint));
}
