/** What a setting may be, in plain words: read from its schema, so that every setting of every adapter says it alike. */
import { z } from "zod";
import { SECRET_WORDS } from "./secret.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A setting as its schema describes it. */
export interface Expectation {
  /** `a whole number from 0 to 65535`; undefined where the schema says nothing. */
  readonly words: string | undefined;
  /** What might stand there, where the schema's words give an example. */
  readonly example: string | undefined;
  /** The least and the most that a number may be, as it is said. */
  readonly range: { readonly least: number | undefined; readonly most: number | undefined };
  /** What may be written, where only some texts are allowed. */
  readonly choices: readonly string[];
  /** Names of the settings inside it. */
  readonly known: readonly string[];
  /** What settings of other names were called before, each with what is written now. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly kinds: readonly string[];
  /** What holds when it is left out, where that can be written in a line. */
  readonly fallback: string | undefined;
  readonly isSecret: boolean;
}

const Renamed = z.record(z.string(), z.string());

const schemas = new WeakMap<z.ZodType, JsonSchema>();

/**
 * What a schema expects at a path. The value tells which form of several is meant (`broker.kind`). Descriptions of settings say
 * what may be written; where they say something else, as those of HTTP fields do, the shape alone is told.
 */
export function expectationAt(
  schema: z.ZodType,
  path: readonly string[],
  { value, byShape = false }: { readonly value: unknown; readonly byShape?: boolean },
): Expectation {
  const whole = byShape ? shapeOf(schema) : schemaOf(schema);
  const found = path.reduce<Place>((place, key) => inside(place, key), { forms: [whole], value });
  const forms = found.forms.flatMap(formsOf);
  const words = [...new Set(found.forms.flatMap(wordsFor))];
  const fallback = found.forms.map((form) => form.default).find((one) => one !== undefined && one !== null);
  return {
    words: words.length === 0 ? undefined : listed(words),
    example: words.map(exampleFor).find((one) => one !== undefined),
    range: forms.map(rangeOf).find(({ least, most }) => least !== undefined || most !== undefined) ?? NO_RANGE,
    choices: forms.flatMap((form) => [...(form.enum ?? []), form.const].filter((one) => typeof one === "string")),
    known: fitting(forms, found.value).flatMap((form) => Object.keys(form.properties ?? {})),
    renamed: Object.fromEntries(forms.flatMap(({ renamed }) => Object.entries(Renamed.safeParse(renamed).data ?? {}))),
    kinds: forms.flatMap((form) => form.type ?? []),
    fallback: typeof fallback === "object" ? undefined : fallback === undefined ? undefined : JSON.stringify(fallback),
    isSecret: forms.length > 0 && forms.every((form) => form.description === SECRET_WORDS),
  };
}

/** `a colour such as "#0b5cad"`. */
export function exampleIn(words: string): string | undefined {
  return /such as (.+)$/u.exec(words)?.[1];
}

/** Of a list, which says of its entries what they are such as, a list. */
function exampleFor(words: string): string | undefined {
  const example = exampleIn(words);
  return example !== undefined && /^a list\b.* in brackets \[ … \], each /u.test(words) ? `[${example}]` : example;
}

/** Where in the schema a setting of this name stands: `gateway` for `port`. */
export function homeOf(schema: z.ZodType, name: string): string | undefined {
  const search = (form: JsonSchema, path: readonly string[]): string | undefined => {
    for (const one of formsOf(form)) {
      if (path.length > 0 && one.properties !== undefined && name in one.properties) return path.join(".");
      const named = Object.entries(one.properties ?? {});
      const others = typeof one.additionalProperties === "object" ? [["<id>", one.additionalProperties] as const] : [];
      for (const [key, next] of [...named, ...others]) {
        const found = typeof next === "object" ? search(next, [...path, key]) : undefined;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return search(schemaOf(schema), []);
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const known = schemas.get(schema) ?? z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  schemas.set(schema, known);
  return known;
}

/** Told of faults alone, so that it is not kept. */
function shapeOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => delete jsonSchema.description,
  });
}

interface Place {
  readonly forms: readonly JsonSchema[];
  readonly value: unknown;
}

function inside({ forms, value }: Place, key: string): Place {
  const within = fitting(forms.flatMap(formsOf), value).flatMap((form) => {
    const others = form.type === "array" ? (/^\d+$/u.test(key) ? form.items : undefined) : form.additionalProperties;
    const next = form.properties?.[key] ?? others;
    return typeof next === "object" && !Array.isArray(next) ? [next] : [];
  });
  return { forms: within, value: valueAt(value, [key]) };
}

function formsOf(form: JsonSchema): readonly JsonSchema[] {
  const several = form.anyOf ?? form.oneOf;
  return several === undefined ? [form] : several.flatMap((one) => (typeof one === "object" ? formsOf(one) : []));
}

/** Forms that the value does not contradict by one of their fixed words, as `kind: "redis"` is. */
function fitting(forms: readonly JsonSchema[], value: unknown): readonly JsonSchema[] {
  const fit = forms.filter(({ properties = {} }) =>
    Object.entries(properties).every(([key, one]) => {
      const given = valueAt(value, [key]);
      return typeof one !== "object" || one.const === undefined || given === undefined || given === one.const;
    }),
  );
  return fit.length === 0 ? forms : fit;
}

/** The value at a path of plain objects and lists. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? Reflect.get(current, key)
        : undefined,
    root,
  );
}

/** One for each way it may be written. */
function wordsFor(form: JsonSchema): readonly string[] {
  if (form.description !== undefined) return [form.description];
  const several = form.anyOf ?? form.oneOf;
  if (several !== undefined) return several.flatMap((one) => (typeof one === "object" ? wordsFor(one) : []));
  const values = form.enum ?? (form.const === undefined ? [] : [form.const]);
  if (values.length > 0) return values.map((one) => JSON.stringify(one));
  const words = wordsForType(form);
  return words === undefined ? [] : [words];
}

function wordsForType(form: JsonSchema): string | undefined {
  switch (form.type) {
    case "integer":
    case "number":
      return `${form.type === "integer" ? "a whole number" : "a number"}${range(form)}`;
    case "string":
      return form.format === "uri" ? 'an address such as "https://example.com"' : `a text${length(form)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `a list${entries(form)}`;
    case "object":
      return settings(form);
    case "null":
      return "null";
    case undefined:
      break;
  }
  return undefined;
}

const NO_RANGE = { least: undefined, most: undefined };

function rangeOf({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): Expectation["range"] {
  const least = type === "integer" && typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : minimum;
  // What JSON can hold is no limit of the setting's own.
  const own = (bound: number | undefined) =>
    Math.abs(bound ?? Infinity) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
  return { least: own(least), most: own(maximum) };
}

function range(form: JsonSchema): string {
  const { least, most } = rangeOf(form);
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined) return ` of at least ${least}`;
  const above = form.type === "number" && form.exclusiveMinimum !== undefined ? ` above ${form.exclusiveMinimum}` : "";
  return `${above}${most === undefined ? "" : `${above === "" ? " of" : " and"} at most ${most}`}`;
}

function length({ minLength = 0, maxLength }: JsonSchema): string {
  if (maxLength !== undefined) return ` of ${minLength === 0 ? "at most" : `${minLength} to`} ${maxLength} characters`;
  if (minLength > 1) return ` of at least ${minLength} characters`;
  return minLength === 1 ? " that is not empty" : "";
}

function entries({ minItems = 0, maxItems, items }: JsonSchema): string {
  const number =
    maxItems !== undefined ? ` of at most ${maxItems} entries` : minItems > 0 ? ` of at least ${minItems}` : "";
  const each = typeof items === "object" && !Array.isArray(items) ? wordsFor(items) : [];
  return `${number} in brackets [ … ]${each.length === 0 ? "" : `, each ${listed(each)}`}`;
}

function settings({ properties }: JsonSchema): string {
  const names = Object.keys(properties ?? {});
  return names.length === 0 ? "settings in braces { … }" : `settings in braces { ${firstOf(names, 4)} }`;
}

/** The first names, and that there are more. */
export function firstOf(names: readonly string[], most: number): string {
  return names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")}, …`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
