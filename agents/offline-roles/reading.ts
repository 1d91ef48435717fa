/** Reads a message in its conversation: the intent, and orders that several messages describe together. */
import type { CrewInput } from "../../core/crew.ts";
import { ownWords } from "../../core/language/segments.ts";
import type { Understanding, Understood } from "../offline/index.ts";
import type { About } from "./about.ts";
import { asBookings, isAboutBookings } from "./booking-question.ts";
import { addsPayee, missingInPayee, payeeIn, type PayeeOrder } from "./new-payee.ts";
import { addToOrder, bareName, missingIn, ordersPayment, transferIn, type TransferOrder } from "./order.ts";

export type Order = TransferOrder | PayeeOrder;

/** What the offline analyzer read. */
export interface Reading {
  readonly understood: Understood;
  /** The order that the message gives or completes. */
  readonly order?: Order;
  /** True when the message takes an order back. */
  readonly cancelled: boolean;
  /** The earlier question that this message carries on. */
  readonly earlier?: string;
  /** What somebody else said, when the message is about that. */
  readonly about?: About;
  /** True when earlier messages were needed. */
  readonly usesHistory: boolean;
}

interface Said {
  readonly text: string;
  /** What the assistant answered; undefined for the newest words. */
  readonly answer: string | undefined;
}

/** An order that was not finished for so many messages is forgotten. */
const LONGEST_PAUSE = 3;
const MOST_EARLIER = 8;
const FOLLOW_UP =
  /^(?:and|but|so|ok(?:ay)?,?|und)\b|\b(?:what|how) about\b|\b(?:it|its|that|this|these|those|they|them|ones?|same)\b/iu;
const FOLLOW_UP_WORDS = 9;

/** Reads the newest of the words. `words` are the person's own of this turn, oldest first; earlier ones come from the history. */
export function readMessage(words: readonly string[], input: CrewInput, understanding: Understanding): Reading {
  const now = new Date(input.now);
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: input.timeZone }).format(now);
  const reader = { understand: (text: string) => understanding.understand(text, { now }), today };
  const said = [...earlierWords(input), ...words.map((text) => ({ text, answer: undefined }))];
  const newest = said.at(-1) ?? { text: "", answer: undefined };
  const understood = asBookings(newest.text, reader.understand(newest.text));
  const { order, cancelled, isContinued } = followOrders(said, reader);
  const earlier = order === undefined ? earlierQuestion(newest.text, said.slice(0, -1)) : undefined;
  return {
    understood,
    cancelled,
    usesHistory: isContinued || cancelled || earlier !== undefined,
    ...(order !== undefined && { order }),
    ...(earlier !== undefined && { earlier }),
  };
}

/** In groups several people speak: there nothing is put together from earlier messages. */
function earlierWords({ history, chatType }: CrewInput): readonly Said[] {
  if (chatType === "group") return [];
  const said: { text: string; answer: string | undefined }[] = [];
  for (const { role, text } of history) {
    const last = said.at(-1);
    if (role === "user") said.push({ text: ownWords(text), answer: undefined });
    else if (last !== undefined) last.answer = text;
  }
  return said.slice(-MOST_EARLIER);
}

interface Reader {
  readonly understand: (text: string) => Understood;
  /** `YYYY-MM-DD` at the person's place. */
  readonly today: string;
}

interface Followed {
  readonly order: Order | undefined;
  readonly cancelled: boolean;
  readonly isContinued: boolean;
}

interface OpenOrder {
  readonly order: Order;
  /** How many messages in a row were about something else. */
  readonly pause: number;
  /** What the assistant asked last about it. */
  readonly question: string;
}

/** Follows orders through the conversation up to the newest message. */
function followOrders(said: readonly Said[], reader: Reader): Followed {
  let open: OpenOrder | undefined;
  let followed: Followed = { order: undefined, cancelled: false, isContinued: false };
  for (const { text, answer = "" } of said) {
    const understood = reader.understand(text);
    const order = advance(open, { text, understood }, reader);
    const isNew = open === undefined || startsOrder(text, understood);
    const cancelled = open !== undefined && order === undefined && understood.intent === "cancel";
    followed = { order, cancelled, isContinued: order !== undefined && !isNew };
    open = cancelled ? undefined : stillOpen(open, order, answer);
  }
  return followed;
}

/** An order stays open while something is missing, or while its last message was answered by a question. */
function stillOpen(open: OpenOrder | undefined, order: Order | undefined, answer: string): OpenOrder | undefined {
  if (order !== undefined) {
    return isIncomplete(order) || endsWithQuestion(answer) ? { order, pause: 0, question: answer } : undefined;
  }
  if (open === undefined || !isIncomplete(open.order) || open.pause + 1 >= LONGEST_PAUSE) return undefined;
  return { ...open, pause: open.pause + 1 };
}

interface Message {
  readonly text: string;
  readonly understood: Understood;
}

/** The order that a message gives, adds to, or leaves alone (undefined). */
function advance(
  open: { readonly order: Order; readonly question: string } | undefined,
  { text, understood }: Message,
  { today }: Reader,
): Order | undefined {
  if (addsPayee(text, understood)) return payeeIn(text, understood);
  if (open === undefined) return isTransferOrder(text, understood) ? transferIn(text, understood, today) : undefined;
  if (understood.intent === "cancel") return undefined;
  if (open.order.kind === "payee") return addToPayee(open.order, { text, understood });
  const named = transferIn(text, understood, today);
  if (startsOrder(text, understood)) {
    const { kind: _kind, doubts: _doubts, ...parts } = named;
    // "Send money" once more begins anew.
    if (Object.keys(parts).length === 0) return named;
    const isWhole = named.to !== undefined && (named.amount ?? named.amountReadings) !== undefined;
    return isWhole ? named : addToOrder(open.order, named);
  }
  return fillTransfer(open.order, { text, understood, named, question: open.question });
}

function isTransferOrder(text: string, understood: Understood): boolean {
  const { intent, entities } = understood;
  const named = entities.some(({ kind }) => kind === "payee" || kind === "iban");
  if (intent === "transfer" && (ordersPayment(text) || named)) return true;
  return namesPayment(text, understood);
}

/** Intents that only a question or another order has; a sum and a receiver make no transfer of them. */
const OTHER_INTENTS: ReadonlySet<string> = new Set(["transactions", "balance", "payees", "rememberFact", "forgetFact"]);

/** "40 Euro an Emre", "bring 600 from savings to everyday": a sum and a receiver, and nobody asks or tells anything. */
function namesPayment(text: string, understood: Understood): boolean {
  const { order, intent } = understood;
  if (order.sums.length === 0) return false;
  const isTold = order.doubts.some(({ kind }) => kind === "question" || kind === "past" || kind === "reported");
  if (isTold || transferIn(text, understood, "").to === undefined) return false;
  return ordersPayment(text) || !(OTHER_INTENTS.has(intent) && isAboutBookings(text));
}

function startsOrder(text: string, understood: Understood): boolean {
  const isOrder = understood.intent === "transfer" || namesPayment(text, understood);
  return (isOrder && ordersPayment(text)) || addsPayee(text, understood);
}

interface Filling extends Message {
  readonly named: TransferOrder;
  /** What the assistant asked. */
  readonly question: string;
}

/** A short answer to the question for a part of the transfer. */
function fillTransfer(order: TransferOrder, filling: Filling): TransferOrder | undefined {
  const { text, named, question } = filling;
  if (order.later !== undefined && AT_ONCE.test(text)) return addToOrder(withoutDay(order), withoutDay(named));
  if (!isShort(text)) return undefined;
  const account = filling.understood.entities.find(({ kind }) => kind === "account");
  if (/which account/iu.test(question) && account !== undefined) return { ...order, from: account.literal };
  const { kind: _kind, doubts: _doubts, ...parts } = named;
  if (Object.keys(parts).length > 0 && !text.includes("?")) return addToOrder(order, named);
  if (account !== undefined && missingIn(order) === "to") return { ...order, to: account.literal };
  const name = receiverNamed(order, filling);
  return name === undefined ? undefined : { ...order, to: name };
}

/** The whole message as a name, where a name was asked for and the message is clearly nothing else. */
function receiverNamed(order: TransferOrder, { text, understood, question }: Filling): string | undefined {
  const missing = missingIn(order);
  const isAsked = missing === "to" || (missing === undefined && endsWithQuestion(question));
  const isUnclear =
    understood.intent === "transfer" || understood.intent === "outOfScope" || understood.confidence <= 0.8;
  return isAsked && isUnclear ? bareName(text) : undefined;
}

const AT_ONCE =
  /^\s*(?:yes|yep|ok(?:ay)?|sure|do it|please do)\b|\b(?:now|today|right away|at once|immediately|instead)\b/iu;

function withoutDay({ later: _later, doubts: _doubts, ...order }: TransferOrder): TransferOrder {
  return order;
}

function addToPayee(order: PayeeOrder, { text, understood }: Message): PayeeOrder | undefined {
  const named = payeeIn(text, understood);
  const isOther =
    understood.confidence > 0.9 &&
    !["transfer", "payees", "payeeQuestion", "outOfScope", "rememberFact"].includes(understood.intent);
  if (named.iban === undefined && (isOther || named.name === undefined || !isShort(text))) return undefined;
  return { ...order, ...named };
}

function isIncomplete(order: Order): boolean {
  return (order.kind === "transfer" ? missingIn(order) : missingInPayee(order)) !== undefined;
}

function isShort(text: string): boolean {
  return text.trim().split(/\s+/u).length <= FOLLOW_UP_WORDS;
}

function endsWithQuestion(answer: string): boolean {
  return /\?\s*$/u.test(answer.trim());
}

/** "And how long does it take?" is read together with the question before it, when that was answered from sources. */
function earlierQuestion(text: string, before: readonly Said[]): string | undefined {
  const last = before.at(-1);
  if (last === undefined || !isShort(text) || !FOLLOW_UP.test(text)) return undefined;
  return /\[\d{1,2}\]/u.test(last.answer ?? "") ? last.text : undefined;
}
