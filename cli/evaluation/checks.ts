/** What can be expected of an answer, for bots of every kind. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type Json, JsonObject } from "../../core/json.ts";
import { languageOf, languageOfLocale } from "../../core/language/index.ts";
import { ReplyAct } from "../../core/trace.ts";
import { actsOf, alike, citedNames, type TurnFacts } from "../testing/facts.ts";

/** A call of a tool, with the fields of its input that count. Texts are compared without case. */
const Call = z.strictObject({ tool: z.string().min(1), input: JsonObject.optional() });
type Call = z.infer<typeof Call>;

const Words = z.array(z.union([z.string(), z.array(z.string()).min(1)]));

/** What must hold of one answer: each part that is given. */
export const Checks = z.strictObject({
  /** Exactly these calls were made by the crew, in any order, refused ones left out; `[]`: none. */
  tools: z.array(Call).optional(),
  /** The crew called a tool that refused with this code. */
  refused: z.string().optional(),
  /** Exactly these calls were put forward for a confirmation and wait; `[]`: none. */
  proposes: z.array(Call).optional(),
  /** How many calls wait after the turn. */
  waiting: z.int().nonnegative().optional(),
  /** Exactly these calls with effects were carried out; `[]`: none. */
  executes: z.array(Call).optional(),
  /** The answer asks for this before anything else happens; `anything`: for whatever it may be. */
  asks: z.string().min(1).optional(),
  /** What the answer does. */
  says: ReplyAct.optional(),
  /** Each stands in the answer, upper and lower case alike; of an inner list, one. */
  mentions: Words.optional(),
  /** None stands in the answer. */
  omits: z.array(z.string()).optional(),
  /** The answer rests on one of these documents: file names without ending, or titles. */
  cites: z.array(z.string()).min(1).optional(),
  /** The bot was silent. */
  silent: z.boolean().optional(),
  /** The language of the answer. */
  language: z.enum(["en", "de"]).optional(),
  /** What is remembered afterwards: facts that hold each word of `holds`, none of `lacks`; `unchanged`: as before. */
  memory: z
    .strictObject({
      holds: z.array(z.string()).optional(),
      lacks: z.array(z.string()).optional(),
      unchanged: z.literal(true).optional(),
    })
    .optional(),
});
export type Checks = z.infer<typeof Checks>;

/** With `either`, one of several must hold besides the rest. */
export const Expectation = Checks.extend({ either: z.array(Checks).min(2).optional() });
export type Expectation = z.infer<typeof Expectation>;

/** What does not hold. `locale` is the bot's: an answer whose words tell no language counts as in it. */
export function judge({ either, ...checks }: Expectation, facts: TurnFacts, locale: string): readonly string[] {
  const failures = failed(checks, facts, locale);
  return either === undefined ? failures : [...failures, ...noneOf(either.map((one) => failed(one, facts, locale)))];
}

/** The failure where none of several readings held. */
export function noneOf(readings: readonly (readonly string[])[]): readonly string[] {
  return readings.some((failures) => failures.length === 0)
    ? []
    : [`none of ${readings.length} readings: ${readings.map((failures) => failures.join(" and ")).join("; or ")}`];
}

/** The tool that searches the documents. */
const SEARCH = "search_documents";

type Check = keyof Checks;
type Judges = {
  readonly [Name in Check]: (wanted: NonNullable<Checks[Name]>, facts: TurnFacts, locale: string) => string | undefined;
};

const judges: Judges = {
  tools: (wanted, { calls }) =>
    sameCalls(
      "calls",
      wanted,
      calls.filter(
        ({ tool, outcome }) =>
          outcome.status !== "refused" &&
          outcome.status !== "failed" &&
          // Looking something up does nothing; what came of it is judged by `cites`.
          (tool !== SEARCH || wanted.some((one) => one.tool === SEARCH)),
      ),
    ),
  refused: (wanted, { calls }) => {
    const codes = calls.flatMap(({ outcome }) => ("code" in outcome ? [outcome.code] : []));
    return codes.includes(wanted) ? undefined : `nothing was refused with ${wanted}, but with ${listed(codes)}`;
  },
  proposes: (wanted, { proposed }) => sameCalls("proposes", wanted, proposed),
  waiting: (wanted, { waiting }) =>
    waiting.length === wanted ? undefined : `${waiting.length} wait, expected ${wanted}`,
  executes: (wanted, { executed }) => sameCalls("executes", wanted, executed),
  asks: (wanted, facts) => {
    const asked = actsOf(facts)
      .filter(({ act }) => act === "asks")
      .map(({ missing = "anything" }) => missing);
    const isAsked = wanted === "anything" ? asked.length > 0 : asked.includes(wanted);
    return isAsked
      ? undefined
      : `does not ask for ${wanted}, but ${asked.length === 0 ? "asks nothing" : listed(asked)}`;
  },
  says: (wanted, facts) => {
    const acts = actsOf(facts).flatMap(({ act }) => act ?? []);
    const done = facts.cancelled.length > 0 ? [...acts, "cancelled"] : acts;
    return done.includes(wanted) ? undefined : `is no answer that ${wanted}, but ${listed(done)}`;
  },
  mentions: (wanted, { text }) => mentionsAll(wanted, text),
  omits: (wanted, { text }) => omitsAll(wanted, text),
  cites: (wanted, facts) => {
    const names = citedNames(facts);
    const isCited = wanted.some((one) => names.some((name) => sameName(one, name) || sameName(one, stemOf(name))));
    return isCited ? undefined : `cites none of ${listed(wanted)}, but ${listed([...new Set(names)])}`;
  },
  silent: (wanted, { replies }) =>
    (replies.length === 0) === wanted ? undefined : wanted ? "is not silent" : "is silent",
  language: (wanted, { replies }, locale) => {
    const is = languageOf(replies.map(({ text }) => text).join("\n")) ?? languageOfLocale(locale);
    return is === wanted ? undefined : `is in ${is}, expected ${wanted}`;
  },
  memory: ({ holds: kept = [], lacks = [], unchanged }, { memory }) => {
    const facts = memory.after.map(({ key, value }) => alike(`${key}: ${value}`).toLowerCase());
    const isKept = (word: string): boolean => facts.some((fact) => fact.includes(alike(word).toLowerCase()));
    const missing = kept.filter((word) => !isKept(word));
    if (missing.length > 0) return `remembers nothing of ${listed(missing)}`;
    const left = lacks.filter(isKept);
    if (left.length > 0) return `still remembers ${listed(left)}`;
    const isSame = isDeepStrictEqual(valuesOf(memory.before), valuesOf(memory.after));
    return unchanged === true && !isSame ? "what is remembered has changed" : undefined;
  },
};

function failed(checks: Checks, facts: TurnFacts, locale: string): readonly string[] {
  return Checks.keyof().options.flatMap((name) => failure(name, checks[name], facts, locale) ?? []);
}

function failure<Name extends Check>(
  name: Name,
  wanted: Checks[Name],
  facts: TurnFacts,
  locale: string,
): string | undefined {
  return wanted === undefined ? undefined : judges[name](wanted, facts, locale);
}

/** What is missing of words that must stand in a text. */
export function mentionsAll(wanted: z.infer<typeof Words>, text: string): string | undefined {
  const said = text.toLowerCase();
  const isSaid = (word: string): boolean => said.includes(alike(word).toLowerCase());
  const missing = wanted.filter((one) => !(typeof one === "string" ? isSaid(one) : one.some(isSaid)));
  return missing.length === 0
    ? undefined
    : `does not mention ${missing.map((one) => listed([one].flat())).join(", nor ")}`;
}

/** What stands in a text and must not. */
export function omitsAll(unwanted: readonly string[], text: string): string | undefined {
  const said = text.toLowerCase();
  const found = unwanted.filter((word) => said.includes(alike(word).toLowerCase()));
  return found.length === 0 ? undefined : `mentions ${listed(found)}`;
}

function sameCalls(
  what: string,
  wanted: readonly Call[],
  made: readonly { readonly tool: string; readonly input: unknown }[],
): string | undefined {
  const left = [...made];
  const missing = wanted.filter(({ tool, input = {} }) => {
    const index = left.findIndex((call) => call.tool === tool && holds(call.input, input));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  if (missing.length === 0 && left.length === 0) return undefined;
  return `${what} ${listed(made.map(inWords))}, expected ${listed(wanted.map(inWords))}`;
}

const inWords = ({ tool, input }: { readonly tool: string; readonly input?: unknown }): string =>
  `${tool}(${input === undefined ? "" : JSON.stringify(input)})`;

/** Whether a value has at least these fields. */
function holds(value: unknown, wanted: Json): boolean {
  if (typeof wanted === "string" && typeof value === "string") return sameName(wanted, value);
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(value, wanted);
  const fields = JsonObject.safeParse(value).data;
  return fields !== undefined && Object.entries(wanted).every(([name, one]) => holds(fields[name], one));
}

const stemOf = (name: string): string => name.replace(/\.[a-z0-9]{1,5}$/iu, "");

const sameName = (one: string, other: string): boolean => alike(one).toLowerCase() === alike(other).toLowerCase();

const valuesOf = (facts: TurnFacts["memory"]["before"]) => facts.map(({ key, value }) => [key, value]);

const listed = (names: readonly string[]): string =>
  names.length === 0 ? "nothing" : names.map((one) => `“${one}”`).join(", ");
