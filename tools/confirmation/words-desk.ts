/** What a person says in words about a request of theirs: no, yes, something else, or to have it undone. */
import { textOf } from "../../core/event.ts";
import { formatMoney } from "../../core/delivery/money-text.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import { notice, type ReplyDraft } from "../../core/reply.ts";
import { type Handling, pendingOf } from "./handling.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { isInTime, isRequester, type ProposalOutcome, type ProposalRecord, proposalOf } from "./proposal-record.ts";
import { type ReplyReading, readReply } from "./read-reply.ts";
import { textsFor } from "./texts.ts";

/** How long after it was carried out "undo that" means it. */
const UNDO_MS = 24 * 60 * 60_000;
const REFUSED = "confirmation/cancelled";
const REWORDED = "confirmation/reworded";

const undoing =
  /\b(?:undo|revert|reverse|take (?:it|that|this) back|(?:cancel|stop|recall) (?:it|that|this|the (?:transfer|payment|order)))\b|rückgängig|zurück(?:holen|nehmen|buchen)|\b(?:storniere|brich|hol|nimm) (?:das|es|die)\b/iu;

/** Answers a refusal (what waits is cancelled), a yes (it says how to confirm) and a wish to undo; undefined for the rest. */
export async function answerWords(handling: Handling): Promise<ReplyDraft | undefined> {
  const recent = recentOf(handling);
  const [newest] = recent;
  if (newest === undefined) return undefined;
  const text = wordsIn(handling);
  if (text === undefined) return undefined;
  const replayed = recent.find(
    ({ decidedBy, outcome }) => decidedBy === handling.event.id && outcome?.code === REFUSED,
  );
  if (replayed !== undefined) return notice(replayed.outcome?.text ?? textsFor(handling.context.locale).cancelled);
  const pending = pendingOf(handling);
  if (pending.length === 0) return await aboutPast(text, newest, handling);
  const reading = await readingOf(text, pending, handling);
  if (reading === "cancel") return await refuseAll(pending, handling);
  return reading === "confirm" ? howToConfirm(pending, handling) : undefined;
}

/** Voids what waits when another value is named for it; gives the question to ask then. */
export async function replaceByWords(handling: Handling): Promise<ReplyDraft | undefined> {
  const text = wordsIn(handling);
  if (text === undefined) return undefined;
  const { locale } = handling.context;
  const replayed = recentOf(handling).filter(
    ({ decidedBy, outcome }) => decidedBy === handling.event.id && outcome?.code === REWORDED,
  );
  if (replayed.length > 0) return askAnew(replayed, locale);
  const pending = pendingOf(handling);
  if (pending.length === 0 || (await readingOf(text, pending, handling)) !== "other-value") return undefined;
  await closeAll(pending, { text: textsFor(locale).reworded, code: REWORDED }, handling);
  return askAnew(pending, locale);
}

/** What still waits, so that no answer to something else passes for a cancellation. */
export function remindOf(handling: Handling): string | undefined {
  const pending = pendingOf(handling);
  if (pending.length === 0) return undefined;
  return textsFor(handling.context.locale).stillWaits(summariesOf(pending));
}

function summariesOf(records: readonly ProposalRecord[]): string {
  return records.map(({ echo }) => echo.summary).join("; ");
}

function askAnew(voided: readonly ProposalRecord[], locale: string): ReplyDraft {
  return notice(textsFor(locale).askAnew(summariesOf(voided)));
}

/** All the words of the turn: a burst may say more than its first message. */
function wordsIn({ event, context }: Handling): string | undefined {
  if (!["message", "command", "edit"].includes(event.type)) return undefined;
  const text = (context.userTexts.at(-1) ?? textOf(event)).trim();
  return text === "" ? undefined : text;
}

function recentOf({ storage, context }: Handling): readonly ProposalRecord[] {
  return storage.table.recent(context.conversation).filter((record) => isRequester(record, context));
}

async function readingOf(
  text: string,
  pending: readonly ProposalRecord[],
  { tools, context }: Handling,
): Promise<ReplyReading> {
  const named = pending.map(async (record) => await tools.alternatives(record.tool, record.arguments, context));
  return readReply(text, { own: pending.flatMap(ownTexts), others: (await Promise.all(named)).flat() });
}

/**
 * What the request consists of, as a person may say it again. Of numbers only its whole sum: parts of an account's number,
 * or of a longer sum, would be another one.
 */
function ownTexts({ echo, arguments: input }: ProposalRecord): readonly string[] {
  const { summary, amount, payee = "" } = echo;
  const values = typeof input === "object" && input !== null ? Object.values(input) : [input];
  const texts = [summary, payee, ...values.filter((value) => typeof value === "string")];
  const [, whole] = (amount && /^[^\d,]*(\d+)(?:\.0+)?$/u.exec(formatMoney(amount).replaceAll(",", ""))) ?? [];
  const sum = whole === undefined ? [] : [whole, "00"];
  return [...texts.map((text) => text.replaceAll(/\p{N}+/gu, " ")), ...sum];
}

async function refuseAll(pending: readonly ProposalRecord[], handling: Handling): Promise<ReplyDraft> {
  const texts = textsFor(handling.context.locale);
  const text = pending.length === 1 ? texts.cancelled : texts.allCancelled(pending.length);
  const closed = await closeAll(pending, { text, code: REFUSED }, handling);
  // Somebody pressed Confirm in this very moment: what became of it is told as it is.
  return closed === pending.length ? notice(text) : await handling.decide(newestOf(pending, handling), "cancel");
}

function newestOf(pending: readonly ProposalRecord[], { storage }: Handling): ProposalRecord | undefined {
  return pending.map(({ id }) => storage.table.find(id)).find((record) => record?.outcome?.code !== REFUSED);
}

/** Closes them in one transaction; gives how many were still open. */
async function closeAll(
  pending: readonly ProposalRecord[],
  outcome: ProposalOutcome & { readonly code: string },
  { storage, event }: Handling,
): Promise<number> {
  const { table, audit, write, clock } = storage;
  return await write(() => {
    const closed = pending.filter(({ id }) =>
      table.close(id, "cancelled", { now: clock(), eventId: event.id, outcome }),
    );
    for (const record of closed) {
      audit.append(auditFactsOf(record, "cancelled", { by: event.id, code: outcome.code }));
    }
    return closed.length;
  });
}

function howToConfirm([newest]: readonly ProposalRecord[], { context }: Handling): ReplyDraft | undefined {
  if (newest === undefined) return undefined;
  const { locale } = context;
  return proposalReply(proposalOf(newest), { locale, intro: textsFor(locale).howTo(newest.code) });
}

/** A late yes hears that the request has expired; who wants it undone hears what is possible. */
async function aboutPast(text: string, newest: ProposalRecord, handling: Handling): Promise<ReplyDraft | undefined> {
  const { storage, context, tools } = handling;
  const now = storage.clock();
  if (newest.status === "pending" && !isInTime(newest, now)) {
    const reading = readReply(text, { own: ownTexts(newest), others: [] });
    return reading === "confirm" || reading === "cancel" ? await handling.decide(newest, "confirm") : undefined;
  }
  if (newest.status !== "executed" || now - (newest.decidedAt ?? 0) > UNDO_MS || !undoing.test(text)) return undefined;
  const hint = tools.afterwards(newest.tool, context.locale) ?? "";
  return notice(textsFor(context.locale).tooLate(newest.echo.summary, hint));
}
