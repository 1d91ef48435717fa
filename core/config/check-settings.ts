/** Settings against their schema: what is wrong is said in plain words, with the value, a remedy and the nearest name. */
import type { z } from "zod";
import { InvalidInputError } from "../errors.ts";
import type { ConfigIssue } from "./config-error.ts";
import { exampleIn, expectationAt, firstOf, homeOf, valueAt } from "./expectation.ts";
import type { Expectation } from "./expectation.ts";
import { nearest } from "./nearest.ts";
import { shown } from "./shown.ts";

/** The settings with their defaults filled in, or everything that is wrong with them. */
export type Checked<Output> =
  | { readonly data: Output; readonly issues: readonly [] }
  | { readonly issues: readonly ConfigIssue[] };

export interface CheckOptions {
  /** Path of the settings in the configuration. */
  readonly at?: readonly string[];
  /** Names that are allowed beside the schema's: they were read before. */
  readonly alsoKnown?: readonly string[];
  /** What an entry is called. @default "setting" */
  readonly noun?: string;
  /** True where descriptions do not say what may be written. @default false */
  readonly byShape?: boolean;
}

/** Checks settings against a schema. What the schema says in words of its own is kept; all else is said from its shape. */
export function checkSettings<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { at = [], alsoKnown = [], noun = "setting", byShape = false }: CheckOptions = {},
): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value, { error: () => "" });
  if (parsed.success) return { data: parsed.data, issues: [] };
  const context = { schema, value, at, alsoKnown, noun, byShape };
  return { issues: parsed.error.issues.flatMap((issue) => explain(issue, issue.path.map(String), context)) };
}

/** What was handed to `crew({ … })`, `documents({ … })` or another factory does not fit. */
export class SettingsError extends InvalidInputError {
  override readonly name = "SettingsError";
  /** Their paths begin inside the call's settings. */
  override readonly issues: readonly ConfigIssue[];
  /** The factory that was called. */
  readonly call: string;

  constructor(call: string, issues: readonly ConfigIssue[], cause?: unknown) {
    const faults = issues.map(({ path, message, value, fix }) =>
      [`${path === "" ? "" : `${path}: `}${message}`, value && ` (found ${value})`, fix && `. ${fix}`].join(""),
    );
    const told = faults.join(" ");
    super("config/settings", `The settings of ${call}({ … }) are wrong. ${told}`, issues, { cause });
    this.call = call;
    this.issues = issues;
  }
}

/** The settings of a factory with their defaults. Throws `SettingsError` with every fault. */
export function readSettings<Schema extends z.ZodType>(schema: Schema, value: unknown, call: string): z.output<Schema> {
  const checked = checkSettings(schema, value);
  if ("data" in checked) return checked.data;
  throw new SettingsError(call, checked.issues);
}

interface Context extends Required<CheckOptions> {
  readonly schema: z.ZodType;
  readonly value: unknown;
}

function explain(issue: z.core.$ZodIssue, path: readonly string[], context: Context): readonly ConfigIssue[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownName(key, path, context));
  if (issue.code === "invalid_union") {
    const meant = formMeant(issue, valueAt(context.value, path));
    if (meant === undefined) return [wrongValue(issue.message, path, context)];
    return meant.flatMap((one) => explain(one, [...path, ...one.path.map(String)], context));
  }
  if (issue.code !== "invalid_key") return [wrongValue(issue.message, path, context)];
  const form = issue.issues[0]?.message ?? "";
  const message = `${JSON.stringify(path.at(-1))} cannot be a name here: expected ${form === "" ? "another" : form}`;
  return [{ path: joined(context.at, path), message, fix: "Write it otherwise." }];
}

/** `own` is what the schema says itself; empty where its shape has to say it. */
function wrongValue(own: string, path: readonly string[], { schema, value: root, at, byShape }: Context): ConfigIssue {
  const value = valueAt(root, path);
  const expected = expectationAt(schema, path, { value: root, byShape });
  const example = exampleIn(own) ?? expected.example;
  return {
    path: joined(at, path),
    message: own === "" ? `expected ${expected.words ?? "another value"}` : own,
    value: shownFor(expected, value, path),
    fix: remedy({ ...expected, example }, value, path.at(-1) ?? ""),
  };
}

/** A text where settings are expected may be a misplaced token: its kind is said, not itself. */
function shownFor({ kinds, isSecret }: Expectation, value: unknown, path: readonly string[]): string {
  const isForeign = isSecret || (kinds.length > 0 && kinds.every((kind) => kind === "object"));
  return typeof value === "string" && isForeign ? "a text" : shown(value, path);
}

function unknownName(
  key: string,
  path: readonly string[],
  { schema, value, at, alsoKnown, noun, byShape }: Context,
): ConfigIssue {
  const expected = expectationAt(schema, path, { value, byShape });
  const known = [...new Set([...expected.known, ...(path.length === 0 ? alsoKnown : [])])];
  const now = expected.renamed[key];
  const near = nearest(key, known);
  const home = near === undefined ? homeOf(schema, key) : undefined;
  const there = known.length === 0 ? "" : ` There is: ${firstOf(known, 12)}.`;
  const fix =
    now !== undefined
      ? `Write ${now}.`
      : near !== undefined
        ? `Did you mean ${near}?`
        : home !== undefined
          ? `It belongs in ${home}: { ${key} }.`
          : `Take it away.${there}`;
  const message = `this ${noun} ${now === undefined ? "does not exist" : "is written in another way now"}`;
  return { path: joined(at, [...path, key]), message, fix };
}

/** The form of several whose own kind fits, so that the fault inside it is told; undefined where none does. */
function formMeant(
  { errors }: Extract<z.core.$ZodIssue, { readonly code: "invalid_union" }>,
  value: unknown,
): readonly z.core.$ZodIssue[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return errors
    .filter((issues) => issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"))
    .toSorted((a, b) => a.length - b.length)[0];
}

function remedy(expected: Expectation, value: unknown, name: string): string {
  const { fallback, isSecret } = expected;
  if (isSecret) return `Write ${name}: env("NAME"), and set NAME in the environment or in .env beside the config.`;
  return `${correction(expected, value, name)}${fallback === undefined ? "" : ` Left out, it is ${fallback}.`}`;
}

/** What to write instead, as near to what stands there as can be told. */
function correction(expected: Expectation, value: unknown, name: string): string {
  const { choices, example, words = "another value" } = expected;
  const near = typeof value === "string" ? nearest(value, choices) : undefined;
  const known =
    near === undefined
      ? (ofAnotherKind(expected, value) ?? ofAnotherSize(expected, value))
      : `Did you mean ${JSON.stringify(near)}?`;
  if (known !== undefined) return known;
  // An entry of a list has no name to be written before it.
  const named = /^\d*$/u.test(name) ? "" : `${name}: `;
  if (example !== undefined) return `${value === undefined ? "Add" : "Write"} ${named}${example}.`;
  return value === undefined ? `Add ${named}… (${words}).` : `Write ${words}.`;
}

/** A number in quotes, a word without them, one entry instead of a list. */
function ofAnotherKind({ kinds }: Expectation, value: unknown): string | undefined {
  if (typeof value === "string" && isWithoutQuotes(value, kinds)) return `Write ${value} without quotes.`;
  if (typeof value === "number" && kinds.includes("string")) return `Write it in quotes: "${value}".`;
  if (isEntryAlone(value, kinds)) return "Put it into brackets: [ … ].";
  if (value === undefined || new Set(kinds).size !== 1) return undefined;
  return kinds[0] === "object" && typeof value !== "object" ? "Put the settings into braces: { … }." : undefined;
}

/** Where a list is expected; where something else would do as well, a text that is none of it. */
function isEntryAlone(value: unknown, kinds: readonly string[]): boolean {
  if (value === undefined || Array.isArray(value) || !kinds.includes("array")) return false;
  return new Set(kinds).size === 1 || (typeof value === "string" && !kinds.includes("string"));
}

function isWithoutQuotes(text: string, kinds: readonly string[]): boolean {
  if (kinds.includes("boolean") && /^(?:true|false)$/u.test(text)) return true;
  return isNumeric(text) && (kinds.includes("number") || kinds.includes("integer"));
}

function ofAnotherSize({ kinds, range: { least, most } }: Expectation, value: unknown): string | undefined {
  if (typeof value !== "number") return undefined;
  if (most !== undefined && value > most) return `Write at most ${most}.`;
  if (least !== undefined && value < least) return `Write at least ${least}.`;
  return !Number.isInteger(value) && kinds.includes("integer") ? "Write a whole number." : undefined;
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

function joined(at: readonly string[], path: readonly string[]): string {
  return [...at, ...path].join(".");
}
