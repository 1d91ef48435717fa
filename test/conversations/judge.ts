/** Judges an answer of the sample bank: what the format of this folder says, in terms of what a turn did. */
import { z } from "zod";
import { judge as judgeGeneral, mentionsAll, noneOf } from "../../cli/evaluation/checks.ts";
import { actsOf, type Proposed, type TurnFacts } from "../../cli/testing/facts.ts";
import type { Conversation } from "./format.ts";
import { balancesOf, type Booking, bookingsOf, minorOf, products, tellsAmount } from "./ledger.ts";

type Expectation = Conversation["turns"][number]["expect"];
type Checks = Omit<Expectation, "either">;
type Action = NonNullable<Expectation["proposes"]>[number];

/** The bot answers in English where an answer's words tell no language. */
const LOCALE = "en";

/** What a refusal of the bank asks for; every other one says that it cannot be done. */
const ASKED_BY: Readonly<Record<string, string>> = {
  "bank/amount": "amount",
  "bank/amount-not-said": "amount",
  "bank/amount-unclear": "amount",
  "bank/currency": "currency",
  "bank/unknown-payee": "receiver",
  "bank/ambiguous-payee": "receiver",
  "bank/payee-not-said": "receiver",
  "bank/unknown-account": "account",
  "bank/which-account": "account",
  "bank/same-account": "account",
  "bank/filter-not-said": "period",
};

/** What does not hold of an answer to a customer (`code`: that of the link before the conversation) or a stranger. */
export function judge(expect: Expectation, facts: TurnFacts, code: string | undefined): readonly string[] {
  const { either, ...checks } = expect;
  const linked = [...facts.before, facts].flatMap(({ calls }) => calls.flatMap(linkedBy)).at(-1) ?? code;
  const failures = failed(checks, facts, linked);
  return either === undefined ? failures : [...failures, ...noneOf(either.map((one) => failed(one, facts, linked)))];
}

function failed(checks: Checks, facts: TurnFacts, linked: string | undefined): readonly string[] {
  const bank: readonly (string | undefined)[] = [
    checks.proposes && sameActions("proposes", checks.proposes, facts.proposed),
    checks.executes && sameActions("executes", checks.executes, facts.executed.map(confirmedOf)),
    checks.asks && asks(checks.asks, facts),
    checks.says && says(checks.says, facts),
    checks.balance && tellsBalances(checks.balance, facts, linked),
    checks.bookings && tellsBookings(checks.bookings, facts, linked),
    checks.recommends === undefined ? undefined : recommends(checks.recommends, facts),
    checks.explains && explains(checks.explains, facts),
    checks.complaint === undefined ? undefined : recordsComplaint(checks.complaint, facts),
    checks.handedOver === undefined ? undefined : handsOver(checks.handedOver, facts),
    checks.unlinked === undefined ? undefined : unlinked(checks.unlinked, facts),
  ];
  return [...judgeGeneral(generalOf(checks), facts, LOCALE), ...bank.filter((one) => one !== undefined)];
}

/** What any bot's answers are judged by. */
function generalOf(checks: Checks) {
  const { waiting, mentions, omits, cites, language } = checks;
  // A translation lies in the folder of its language, and says the same.
  const documents = cites?.flatMap((name) => [name, `de-${name}`]);
  return { waiting, mentions, omits, language, ...(documents && { cites: documents }), memory: memoryOf(checks) };
}

const Link = z.looseObject({ code: z.string() });

/** Whoever links during the conversation is that customer from then on. */
function linkedBy({ tool, input, outcome }: TurnFacts["calls"][number]): readonly string[] {
  return tool === "link_customer" && outcome.status === "done" ? [Link.parse(input).code.toUpperCase()] : [];
}

function memoryOf({ remembers, forgets }: Checks) {
  if (remembers === "nothing") return { unchanged: true } as const;
  if (remembers === undefined && forgets === undefined) return undefined;
  return { holds: remembers === undefined ? [] : [remembers], lacks: forgets === undefined ? [] : [forgets] };
}

/** A confirmed call as it was proposed; one that needed no confirmation has its input alone. */
const confirmedOf = ({
  proposed,
  ...execution
}: TurnFacts["executed"][number]): Partial<Proposed> & Pick<Proposed, "tool" | "input"> => proposed ?? execution;

const Payee = z.looseObject({ name: z.string().default(""), iban: z.string().default("") });
const TOOLS: Readonly<Record<string, string>> = { "add-payee": "add_payee", unlink: "unlink_customer" };

function sameActions(what: string, wanted: readonly Action[], made: readonly Made[]): string | undefined {
  const left = [...made];
  const missing = wanted.filter((action) => {
    const index = left.findIndex((one) => isAction(action, one));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  if (missing.length === 0 && left.length === 0) return undefined;
  const shown = made.map(({ tool, input, proposal }) => proposal?.summary ?? `${tool}(${JSON.stringify(input)})`);
  return `${what} ${JSON.stringify(shown)}, expected ${JSON.stringify(wanted)}`;
}

type Made = Partial<Proposed> & Pick<Proposed, "tool" | "input">;

function isAction(action: Action, made: Made): boolean {
  if ("amount" in action) return isTransfer(action, made);
  const { action: name } = action;
  if (made.tool !== (TOOLS[name] ?? name.replaceAll("-", "_"))) return false;
  return !("name" in action) || isPayee(action, made);
}

function isTransfer(action: Extract<Action, { readonly amount: string }>, { tool, proposal }: Made): boolean {
  if (tool !== "transfer_money" || proposal === undefined) return false;
  const amount = proposal.facts.find(({ isMain }) => isMain)?.number ?? 0;
  const to = proposal.facts.find(({ label }) => label === "To" || label === "An")?.value ?? "";
  const isFrom = action.from === undefined || isAmongWords(proposal.summary, ["from", "von"], action.from);
  return Math.round(amount * 100) === minorOf(action.amount) && isNamed(to, action.to) && isFrom;
}

/** Behind one of these words, as the summary names an account in English or German. */
function isAmongWords(summary: string, words: readonly string[], account: string): boolean {
  return words.some((word) => summary.includes(` ${word} ${account} (`));
}

function isPayee(action: Extract<Action, { readonly name: string }>, { input }: Made): boolean {
  const { name, iban } = Payee.parse(input);
  const isIban = action.iban === undefined || iban.replaceAll(" ", "") === action.iban.replaceAll(" ", "");
  return name.toLowerCase() === action.name.toLowerCase() && isIban;
}

/** "Jana Novak (DE34 …)" is Jana Novak; of an account number the spaces do not count. */
function isNamed(shown: string, name: string): boolean {
  const [one, other] = [shown, name].map((text) => text.toLowerCase().replaceAll(" ", ""));
  return one !== undefined && other !== undefined && (one === other || one.startsWith(`${other}(`));
}

/** The acts of the reply: a refusal that asks for something is a question. */
function actsIn(facts: TurnFacts): readonly { readonly act: string; readonly missing?: string | undefined }[] {
  const refused = facts.calls.flatMap(({ outcome }) => (outcome.status === "refused" ? [outcome.code] : []));
  const cancelled = facts.cancelled.length > 0 ? [{ act: "cancelled" }] : [];
  const proposed = facts.proposed.length > 0 ? [{ act: "asks", missing: "confirmation" }] : [];
  const acts = actsOf(facts).map(({ act = "answers", missing }) => {
    const code = act === "cannot" ? refused.at(-1) : undefined;
    if (code === "bank/not-linked") return { act: "needs-link" };
    const asked = code === undefined ? undefined : ASKED_BY[code];
    return asked === undefined ? { act, missing } : { act: "asks", missing: asked };
  });
  return [...acts, ...cancelled, ...proposed];
}

/** What a field of the bank's tools asks for. */
const FIELDS: Readonly<Record<string, string>> = { to: "receiver", from: "account", name: "receiver" };

function asks(wanted: string, facts: TurnFacts): string | undefined {
  const asked = actsIn(facts).flatMap(({ act, missing = "anything" }) =>
    act === "asks" ? [FIELDS[missing] ?? missing] : [],
  );
  const isAsked = wanted === "anything" ? asked.length > 0 : asked.includes(wanted);
  return isAsked ? undefined : `asks for ${asked.join(", ") || "nothing"}, expected ${wanted}`;
}

function says(wanted: string, facts: TurnFacts): string | undefined {
  const acts = actsIn(facts).map(({ act }) => act);
  // Who says that this is not its business has invented nothing either.
  const isSaid = acts.includes(wanted) || (wanted === "does-not-know" && acts.includes("cannot"));
  return isSaid ? undefined : `${acts.join(", ") || "answers"}, expected ${wanted}`;
}

function tellsBalances(accounts: readonly string[], facts: TurnFacts, linked: string | undefined): string | undefined {
  const balances = balancesAfter(facts, linked);
  const missing = accounts.filter((name) => !tellsAmount(facts.text, balances[name] ?? Number.NaN));
  const shown = missing.map((name) => `${name} (${(balances[name] ?? 0) / 100})`);
  return missing.length === 0 ? undefined : `does not tell the balance of ${shown.join(", ")}`;
}

/** The sample's balances, less and plus what the conversation's transfers moved. */
function balancesAfter(facts: TurnFacts, linked: string | undefined): Readonly<Record<string, number>> {
  const balances: Record<string, number> = { ...balancesOf(linked) };
  for (const { proposed } of [...facts.before, facts].flatMap(({ executed }) => executed)) {
    if (proposed?.tool !== "transfer_money") continue;
    const { facts: shown, summary } = proposed.proposal;
    const minor = Math.round((shown.find(({ isMain }) => isMain)?.number ?? 0) * 100);
    for (const [name, before] of Object.entries(balances)) {
      balances[name] = before + minor * directionOf(summary, name);
    }
  }
  return balances;
}

/** -1 where the summary's money leaves the account, 1 where it reaches it, else 0. */
function directionOf(summary: string, account: string): number {
  if (isAmongWords(summary, ["from", "von"], account)) return -1;
  return / (?:to your own account|auf dein Konto) /u.test(summary) && summary.includes(` ${account}`) ? 1 : 0;
}

const Listed = z.looseObject({
  count: z.number(),
  transactions: z.array(z.looseObject({ date: z.string(), counterparty: z.string() })),
});
/** A long list may show its newest. */
const MOST_LISTED = 5;

type Asked = NonNullable<Checks["bookings"]>;

function tellsBookings(filter: Asked, { text, calls }: TurnFacts, linked: string | undefined): string | undefined {
  const right = bookingsOf(linked, filter);
  const looked = calls.flatMap(({ outcome }) =>
    outcome.status === "done" ? (Listed.safeParse(outcome.result.value).data ?? []) : [],
  );
  if (right.length === 0) {
    const isTold = looked.some(({ count }) => count === 0) || tellsAmount(text, 0);
    return isTold ? undefined : "does not say that there are none";
  }
  if (filter.answer === "list") {
    return (
      listsAll(right.slice(0, MOST_LISTED), text) ??
      listsNoOther(
        right,
        looked.flatMap(({ transactions }) => transactions),
      )
    );
  }
  if (filter.answer === "count") {
    const isTold = new RegExp(`(?<![\\d.,])${right.length}(?!\\d|[.,]\\d)`, "u").test(text);
    return isTold ? undefined : `does not tell the count of ${right.length}`;
  }
  const figures = figuresOf(filter.answer, right);
  return figures.some((figure) => tellsAmount(text, figure))
    ? undefined
    : `does not tell the ${filter.answer} of ${inEuro(figures)}`;
}

/** What was paid and what was received, apart: an answer about one of them is right where the question names none. */
function figuresOf(answer: "total" | "largest" | "average", right: readonly Booking[]): readonly number[] {
  const sides = [-1, 1].map((sign) => right.map(({ amountMinor }) => amountMinor * sign).filter((minor) => minor > 0));
  return sides.flatMap((minors) => {
    const total = minors.reduce((sum, minor) => sum + minor, 0);
    if (minors.length === 0) return [];
    return { total, largest: Math.max(...minors), average: Math.round(total / minors.length) }[answer];
  });
}

function listsAll(wanted: readonly Booking[], text: string): string | undefined {
  const untold = wanted.filter(({ amountMinor }) => !tellsAmount(text, amountMinor));
  return untold.length === 0 ? undefined : `does not list ${untold.map(inBooking).join(", ")}`;
}

function listsNoOther(right: readonly Booking[], listed: readonly Pick<Booking, "date" | "counterparty">[]) {
  const foreign = listed.filter(
    (one) => !right.some(({ date, counterparty }) => date === one.date && counterparty === one.counterparty),
  );
  return foreign.length === 0 ? undefined : `lists others too: ${foreign.map(inBooking).join(", ")}`;
}

const inBooking = ({ date, counterparty }: Pick<Booking, "date" | "counterparty">): string => `${date} ${counterparty}`;

const inEuro = (minors: readonly number[]): string => minors.map((minor) => (minor / 100).toFixed(2)).join(" or ");

function recommends(wanted: NonNullable<Checks["recommends"]>, { replies }: TurnFacts): string | undefined {
  const advised = replies.flatMap(({ cards = [] }) => cards.filter(({ isAdvice }) => isAdvice === true));
  const names = advised.map(({ id }) => id).join(", ") || "nothing";
  if (wanted === false) return advised.length === 0 ? undefined : `recommends ${names}, expected nothing`;
  const { category } = wanted;
  const isRight = advised.some(({ id }) => category === undefined || products.get(id)?.category === category);
  return isRight ? undefined : `recommends ${names}, expected ${category ?? "products"}`;
}

/** A product is named with or without the bank's own name before it. */
function explains(ids: readonly string[], { text }: TurnFacts): string | undefined {
  return mentionsAll(
    ids.map((id) => {
      const name = products.get(id)?.name ?? id;
      return [name, name.replace(/^Harbour /u, "")];
    }),
    text,
  );
}

const Numbered = z.looseObject({ number: z.string() });

/** A complaint counts where its number is told. */
function recordsComplaint(wanted: boolean, { calls, text }: TurnFacts): string | undefined {
  const numbers = calls.flatMap(({ tool, outcome }) =>
    tool === "record_complaint" && outcome.status === "done" ? [Numbered.parse(outcome.result.value).number] : [],
  );
  const isRecorded = numbers.some((number) => text.includes(number));
  return isRecorded === wanted ? undefined : `a complaint ${isRecorded ? "is" : "is not"} recorded and its number told`;
}

/** Who has the conversation stands in the store. */
function handsOver(wanted: boolean, { handOver }: TurnFacts): string | undefined {
  const isHandedOver = handOver !== undefined;
  return isHandedOver === wanted ? undefined : `people ${isHandedOver ? "have" : "do not have"} the conversation`;
}

function unlinked(wanted: boolean, facts: TurnFacts): string | undefined {
  const isUnlinked = [...facts.before, facts].some(({ executed }) =>
    executed.some(({ tool }) => tool === "unlink_customer"),
  );
  return isUnlinked === wanted ? undefined : isUnlinked ? "is unlinked" : "is still linked";
}
