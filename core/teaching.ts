/**
 * What a tool knows of language: which kind of value fills which field of its input, how people ask for it, and what they
 * are told. With it the tool is called without a language model; the models read it as well. Plain data, often a JSON file,
 * that a translator can edit.
 */
import { z } from "zod";
import type { Json } from "./json.ts";

/** The kinds of values that are read out of words without knowing anything of the person. */
export const CORE_ENTITIES = [
  "money",
  "sums",
  "date",
  "period",
  "number",
  "iban",
  "phone",
  "email",
  "code",
  "text",
  "message",
  "choice",
] as const;
export type CoreEntity = (typeof CORE_ENTITIES)[number];

/** A kind of value. A tool pack brings kinds of its own with their values: `OpenToolPack.entities`. */
export type EntityKind = CoreEntity | (string & {});

/**
 * Where a value must come from, whoever calls: `own-words`, the person's own words of this conversation; `known`, these or
 * the tool pack's named values of that kind; `any`, from anywhere.
 */
export const Provenance = z.enum(["own-words", "known", "any"]);
export type Provenance = z.infer<typeof Provenance>;

const SlotDefinition = z.strictObject({
  entity: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/u, 'a kind such as "date", "text" or one of the tool pack')
    .describe("a kind of value"),
  or: z.array(z.string()).optional(),
  provenance: Provenance.optional(),
  direction: z.enum(["past", "future"]).optional(),
  ranked: z.boolean().optional(),
  open: z.boolean().optional(),
  essential: z.boolean().optional(),
  proper: z.boolean().optional(),
  replaces: z.array(z.string()).optional(),
  opposites: z.array(z.string()).length(2).optional(),
});

/** What fills a field, as an author writes it. */
export interface SlotDefinition {
  /**
   * The value that the field gets: `money` gives `{ minor, currency }`, or `"40.50 EUR"` where the field is a string
   * (`core/money.ts` reads it), `sums` a range of it as `{ least?, most? }`,
   * `period` gives `{ from?, to }`, `date` `YYYY-MM-DD`, `phone` E.164, `number` a number,
   * `message` all that the person writes, `choice` one of the field's own values, all others a string.
   */
  readonly entity: EntityKind;
  /** Further kinds that fill it as well: money goes to a payee, an own account, or an IBAN. */
  readonly or?: readonly EntityKind[];
  /** @default "any" */
  readonly provenance?: Provenance;
  /** For a day or a period: where "Friday" and "in March" are looked for. @default "future" */
  readonly direction?: "past" | "future";
  /**
   * Of several that are named one counts: of a choice the one that stands first among the field's values, of a kind of the
   * tool pack's the one that is named first. @default they are asked about
   */
  readonly ranked?: boolean;
  /** For a kind of the tool pack: other words than its names are taken, too, as they stand. @default false */
  readonly open?: boolean;
  /** Words that name no value of it, and point at none, are no request for the tool, whatever they sound like. @default false */
  readonly essential?: boolean;
  /** For a kind of the tool pack: its values are names of people and places, and say nothing of what is asked for. @default false */
  readonly proper?: boolean;
  /** Fields of an earlier request that a new value of this one takes the place of. */
  readonly replaces?: readonly string[];
  /** Two values of a choice: "the other way round" is the other one. */
  readonly opposites?: readonly string[];
}

/** What fills a field, complete. */
export interface Slot {
  readonly entity: EntityKind;
  /** Further kinds that fill it. */
  readonly or: readonly EntityKind[];
  readonly provenance: Provenance;
  readonly required: boolean;
  /** True where the field is a string: a sum is written as one then. */
  readonly isText: boolean;
  /** The values of a `choice`. */
  readonly choices: readonly string[];
  readonly direction: "past" | "future";
  readonly ranked: boolean;
  readonly open: boolean;
  readonly essential: boolean;
  readonly proper: boolean;
  readonly replaces: readonly string[];
  readonly opposites: readonly string[];
  /** Whether the field is a list: it takes all the values that are named. */
  readonly many: boolean;
  /** Of a number: the least and the greatest that the field takes. */
  readonly least?: number;
  readonly most?: number;
}

const Sentence = z.string().trim().min(1, "is empty").max(500);

export const LanguageWords = z.strictObject({
  title: Sentence,
  asks: z.array(Sentence).min(1, "needs at least one sentence"),
  slots: z
    .record(
      z.string(),
      z.strictObject({
        label: Sentence.max(40).optional(),
        ask: z.union([Sentence, z.array(Sentence).min(1)]).optional(),
        names: z.record(z.string(), z.array(Sentence).min(1, "needs at least one word")).optional(),
        behind: z.array(Sentence).min(1, "needs at least one word").optional(),
        examples: z.array(Sentence).min(1, "needs at least one value").optional(),
      }),
    )
    .optional(),
  harmless: z.array(Sentence).optional(),
  mentions: z.array(Sentence).optional(),
  sample: Sentence.max(80).optional(),
  says: z.array(Sentence).min(1, "needs at least one sentence").optional(),
});

/** The words of a tool in one language. */
export interface LanguageWords {
  /** Completes "I can …": `tell the weather of a place`. */
  readonly title: string;
  /** How people ask for it; `{field}` stands for a value of that field. More and more different ones are understood better. */
  readonly asks: readonly string[];
  /**
   * A request to offer in a greeting, as it is shown: "Show my balance". The tools that have one are what the bot is for;
   * of a bot without any, the first sentences of `asks` are offered.
   */
  readonly sample?: string | undefined;
  /** By field. */
  readonly slots?: Readonly<Record<string, SlotWords>> | undefined;
  /**
   * For a tool that changes something: words that may stand beside such a request and change nothing in it. Any other word
   * in it is asked about. Left out: the words of `asks`.
   */
  readonly harmless?: readonly string[] | undefined;
  /**
   * What the words begin with that people ask for it with and also tell of others with, in small letters ("complain"):
   * where they are only told of, it is not asked for.
   */
  readonly mentions?: readonly string[] | undefined;
  /**
   * What the person is told: one of these, with `{field}` for what the result's value has there (`{a.b}` for a field within).
   * One that names a field without a value is left out.
   */
  readonly says?: readonly string[] | undefined;
}

/** The words of a field. */
export interface SlotWords {
  /** What the field is called where a proposal says where its value came from. @default the field's name */
  readonly label?: string | undefined;
  /**
   * The question for it where it is missing. `{field}` stands for the value of another field; of several questions the first
   * is asked whose fields are all known.
   */
  readonly ask?: string | readonly string[] | undefined;
  /** What each value of a `choice` is called. */
  readonly names?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Words that a value of it must stand behind: "last" for the number in "the last 5". Left out: it may stand anywhere. */
  readonly behind?: readonly string[] | undefined;
  /** Made-up values to learn the sentences with, where its kind is one of the tool pack's. */
  readonly examples?: readonly string[] | undefined;
}

/** For whom something is said. */
export interface Hearer {
  /** The language of their message. */
  readonly language: string;
  /** How figures and dates are written. */
  readonly locale: string;
}

/** The part of a tool's definition that teaches it; every part may be left out. */
export interface Teaching<Field extends PropertyKey = string, Value = Json> {
  /**
   * Which kind of value fills which field. A field that is not named here is filled by what its schema says: an enum, a
   * date, an e-mail address, a number, words.
   */
  readonly slots?: { readonly [Name in Field]?: SlotDefinition };
  /** By BCP 47 tag. */
  readonly language?: Readonly<Record<string, LanguageWords>>;
  /** Requests to offer, by BCP 47 tag, with `default` for all others: of a tool without a language. */
  readonly samples?: Readonly<Record<string, string>>;
  /** What the person is told, in Markdown, where a template of `says` is not enough. */
  readonly say?: (value: Value, hearer: Hearer) => string;
}

/**
 * A kind of request that a tool pack teaches besides what its tools are asked for. What has no `answer` is looked for in the
 * bot's documents; with the name of what is said to every bot (`greet`), it is more ways to say that.
 */
export interface TaughtRequest {
  readonly name: string;
  /** How people ask for it, by language tag; `{value}` stands for a value. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
  /** Made-up values by language and name, to learn the sentences with. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** True for questions that documents surely answer: taking one for another is no fault. */
  readonly documents: boolean;
  /** What is said to it whatever else is found, by language tag. */
  readonly answer?: Readonly<Record<string, string>>;
  /** Words of its topic by language tag: documents are searched for them beside the person's own words. */
  readonly search?: Readonly<Record<string, string>>;
}

/** A value with the names that people call it by: a payee, a product, a city of the pack's. */
export interface NamedEntity {
  readonly kind: string;
  readonly value: Json;
  readonly names: readonly string[];
}

/** What a definition from anywhere must have to be read as a teaching. */
export const TeachingShape = z.object({
  slots: z.record(z.string(), SlotDefinition).optional(),
  language: z.record(z.string(), LanguageWords).optional(),
  samples: z.record(z.string(), Sentence).optional(),
  say: z.custom<Teaching["say"]>((value) => typeof value === "function", "a function").optional(),
});

/** The names in braces of a sentence; undefined where a brace has no partner. */
export function fieldsIn(sentence: string): readonly string[] | undefined {
  const names = [...sentence.matchAll(/\{([^{}]*)\}/gu)].map(([, name = ""]) => name);
  return /[{}]/u.test(sentence.replaceAll(/\{[^{}]*\}/gu, "")) ? undefined : names;
}
