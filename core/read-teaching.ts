/** Reads what a definition teaches against the schema of its input, and says what does not fit. */
import { z } from "zod";
import { isLanguageTag } from "./language/language-tag.ts";
import { fieldsIn, type Slot, type TeachingShape } from "./teaching.ts";

const Field = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  items: z.object({ type: z.string().optional() }).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Field = z.infer<typeof Field>;

const ObjectSchema = z.object({
  properties: z.record(z.string(), Field).default({}),
  required: z.array(z.string()).default([]),
});

/** Something that does not fit, and where. */
export interface TeachingFault {
  readonly path: string;
  readonly message: string;
}

/** The slots of a tool, complete, and everything that is wrong with what it teaches. */
export interface ReadTeaching {
  readonly slots: Readonly<Record<string, Slot>>;
  readonly faults: readonly TeachingFault[];
}

type Taught = z.output<typeof TeachingShape>;
type NamedSlot = NonNullable<NonNullable<Taught["slots"]>[string]>;

/** Reads the teaching of a tool with this input. */
export function readTeaching(input: z.ZodType, taught: Taught): ReadTeaching {
  const { properties, required } = ObjectSchema.catch({ properties: {}, required: [] }).parse(
    z.toJSONSchema(input, { io: "input", unrepresentable: "any" }),
  );
  const slots: Record<string, Slot> = {};
  for (const [name, field] of Object.entries(properties)) {
    const slot = slotOf(field, taught.slots?.[name], taught.language !== undefined);
    if (slot !== undefined) slots[name] = { ...slot, required: required.includes(name) };
  }
  const unfilled = required
    .filter((name) => taught.language !== undefined && slots[name] === undefined)
    .map((name) => ({
      path: `slots.${name}`,
      message: 'the field is required and nothing fills it: name a kind of value, such as { entity: "text" }',
    }));
  const faults = [
    ...slotFaults(taught.slots, properties),
    ...unfilled,
    ...spokenFaults(taught, slots, Object.keys(properties)),
  ];
  return { slots, faults };
}

/** What fills a field. Without words of its own a tool is called by models only, which know the fields: just its rules count. */
function slotOf(field: Field, named: NamedSlot | undefined, hasWords: boolean): Omit<Slot, "required"> | undefined {
  const entity = named?.entity ?? (hasWords ? kindOf(field) : undefined);
  if (entity === undefined) return undefined;
  return {
    ...withDefaults(named ?? {}),
    entity,
    isText: field.type === "string",
    choices: choicesOf(field),
    many: field.type === "array",
    ...boundsOf(field),
  };
}

/** Those that the author set: every integer has a least and a greatest value in a schema. */
function boundsOf({ minimum, maximum }: Field): Pick<Slot, "least" | "most"> {
  const isSet = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return { ...(isSet(minimum) && { least: minimum }), ...(isSet(maximum) && { most: maximum }) };
}

function withDefaults({
  or = [],
  provenance = "any",
  direction = "future",
  ranked = false,
  open = false,
  essential = false,
  proper = false,
  replaces = [],
  opposites = [],
}: Partial<NamedSlot>): Omit<Slot, "entity" | "required" | "isText" | "choices" | "many" | "least" | "most"> {
  return { or, provenance, direction, ranked, open, essential, proper, replaces, opposites };
}

function slotFaults(slots: Taught["slots"], properties: Readonly<Record<string, Field>>): readonly TeachingFault[] {
  return Object.entries(slots ?? {}).flatMap(([name, slot]): TeachingFault[] => {
    const field = properties[name];
    if (field === undefined) return [{ path: `slots.${name}`, message: unknownField(name, Object.keys(properties)) }];
    const misfit = slot === undefined ? undefined : misfitOf(slot.entity, field);
    return misfit === undefined ? [] : [{ path: `slots.${name}.entity`, message: misfit }];
  });
}

function spokenFaults(
  { language, say }: Taught,
  slots: Readonly<Record<string, Slot>>,
  fields: readonly string[],
): readonly TeachingFault[] {
  return Object.entries(language ?? {}).flatMap(([tag, words]) => [
    ...(isLanguageTag(tag) ? [] : [{ path: `language.${tag}`, message: 'is no language tag such as "en" or "de-CH"' }]),
    ...languageFaults(words, slots, fields).map(({ path, message }) => ({ path: `language.${tag}.${path}`, message })),
    ...(say !== undefined && words.says !== undefined
      ? [{ path: `language.${tag}.says`, message: 'is never said, because the tool has "say": take one of them away' }]
      : []),
  ]);
}

function languageFaults(
  words: NonNullable<z.output<typeof TeachingShape>["language"]>[string],
  slots: Readonly<Record<string, Slot>>,
  fields: readonly string[],
): readonly TeachingFault[] {
  const asks = words.asks.flatMap((ask, index): TeachingFault[] => {
    const path = `asks.${index}`;
    const named = fieldsIn(ask);
    if (named === undefined) return [{ path, message: `a brace has no partner in ${JSON.stringify(ask)}` }];
    return named.flatMap((name) => {
      if (slots[name] !== undefined) return [];
      const known = fields.includes(name);
      return [
        {
          path,
          message: known ? `{${name}} is filled by nothing: name its kind in slots` : unknownField(name, fields),
        },
      ];
    });
  });
  const says = (words.says ?? []).flatMap((template, index) => {
    const isWhole = fieldsIn(template)?.every((name) => /^\w+(?:\.\w+)*$/u.test(name)) === true;
    const message = `${JSON.stringify(template)} has a brace that holds no field: write it as {field} or {field.within}`;
    return isWhole ? [] : [{ path: `says.${index}`, message }];
  });
  const named = Object.entries(words.slots ?? {}).flatMap(([name, { names = {} }]): TeachingFault[] => {
    const slot = slots[name];
    if (slot === undefined) return [{ path: `slots.${name}`, message: unknownField(name, fields) }];
    return Object.keys(names).flatMap((value) => {
      if (slot.choices.includes(value)) return [];
      const has = slot.choices.length === 0 ? "it has none, for it is no enum" : `it has: ${slot.choices.join(", ")}`;
      return [
        { path: `slots.${name}.names.${value}`, message: `the field has no value ${JSON.stringify(value)}; ${has}` },
      ];
    });
  });
  const unasked = Object.entries(slots)
    .filter(([name, { required }]) => required && words.slots?.[name]?.ask === undefined)
    .map(([name]) => ({
      path: `slots.${name}.ask`,
      message: "the field is required: write the question that is asked where it is missing",
    }));
  return [...asks, ...says, ...named, ...unasked];
}

function unknownField(name: string, fields: readonly string[]): string {
  const there = fields.length === 0 ? "it has no fields" : `it has: ${fields.join(", ")}`;
  return `the input has no field ${JSON.stringify(name)}; ${there}`;
}

function choicesOf({ enum: values = [], const: only }: Field): readonly string[] {
  return [...values, only].filter((value) => typeof value === "string");
}

/** The kind of value that a field's schema tells by itself. */
function kindOf(field: Field): string | undefined {
  if (choicesOf(field).length > 0) return "choice";
  if (field.type === "number" || field.type === "integer") return "number";
  if (field.type !== "string") return undefined;
  return field.format === "date" || field.format === "email" ? field.format : "text";
}

const typeOfKind: Readonly<Record<string, string>> = {
  sums: "object",
  period: "object",
  date: "string",
  number: "number",
  iban: "string",
  phone: "string",
  email: "string",
  code: "string",
  text: "string",
  message: "string",
};

function misfitOf(entity: string, field: Field): string | undefined {
  if (entity === "choice") {
    return choicesOf(field).length > 0
      ? undefined
      : 'is for a field with fixed values, such as z.enum(["rain", "frost"])';
  }
  const { type } = field;
  if (entity === "money") {
    return type === undefined || type === "string" || type === "object"
      ? undefined
      : `the kind "money" is given as an object or as a string such as "40.50 EUR", but the field takes ${type}`;
  }
  return typeMisfit(entity, type === "array" ? field.items?.type : type);
}

function typeMisfit(entity: string, type: string | undefined): string | undefined {
  const given = typeOfKind[entity];
  const taken = type === "integer" ? "number" : type;
  if (given === undefined || taken === undefined || given === taken) return undefined;
  return `the kind "${entity}" is given as ${given === "object" ? "an object" : `a ${given}`}, but the field takes ${type}`;
}
