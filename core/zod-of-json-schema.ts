import { z } from "zod";
import { Json, JsonObject } from "./json.ts";

type Fields = Readonly<Record<string, Json>>;

/** Checks values by a JSON Schema. What Zod cannot read of it, whoever gave it has to check alone. */
export function zodOf(schema: JsonObject): z.ZodType<Json> {
  if (isEndless(schema)) return JsonObject;
  try {
    return z.fromJSONSchema(JSON.parse(JSON.stringify(schema), withoutInherited)).pipe(Json);
  } catch {
    return JsonObject;
  }
}

/** A field named "constructor" is read as what every object inherits where it is left out: nothing is said of it. */
function withoutInherited(_key: string, part: Json): Json {
  const { properties, required, additionalProperties, ...others } = isFields(part) ? part : {};
  if (!isFields(part) || !isFields(properties ?? null)) return part;
  const kept = Object.entries(properties ?? {}).filter(([name]) => !(name in Object.prototype));
  if (kept.length === Object.keys(properties ?? {}).length) return part;
  const needed = Array.isArray(required) ? required.filter((name) => !(String(name) in Object.prototype)) : [];
  const more = additionalProperties === undefined || additionalProperties === false ? {} : { additionalProperties };
  return { ...others, ...more, properties: Object.fromEntries(kept), required: needed };
}

/** These say more of the same value, and not of a part of it. */
const OF_THE_SAME = ["anyOf", "oneOf", "allOf", "not", "if", "then", "else"];

/** Whether a part of the schema refers to itself for the same value, so that checking it would never end. */
function isEndless(schema: Fields): boolean {
  const ended = new Set<Json>();
  const leadsBack = (node: Json, above: ReadonlySet<Json>): boolean => {
    if (!isFields(node) || ended.has(node)) return false;
    if (above.has(node)) return true;
    const path = new Set([...above, node]);
    const isBack = sameValue(schema, node).some((one) => leadsBack(one, path));
    if (!isBack) ended.add(node);
    return isBack;
  };
  const waiting: Json[] = [schema];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== "object" || node === null) continue;
    if (leadsBack(node, new Set())) return true;
    waiting.push(...Object.values(node));
  }
  return false;
}

function sameValue(root: Fields, node: Fields): readonly Json[] {
  const { $ref: reference } = node;
  const parts = OF_THE_SAME.flatMap((keyword): readonly Json[] => {
    const { [keyword]: part } = node;
    if (part === undefined) return [];
    return Array.isArray(part) ? part : [part];
  });
  return typeof reference === "string" ? [...parts, referredBy(root, reference)] : parts;
}

/** What "#/$defs/place" points at; null where that is nothing. */
function referredBy(root: Fields, reference: string): Json {
  if (!reference.startsWith("#")) return null;
  const names = reference.slice(1).split("/").slice(1);
  return names.reduce<Json>((node, name) => {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof node === "object" && node !== null && Object.hasOwn(node, key)
      ? (new Map(Object.entries(node)).get(key) ?? null)
      : null;
  }, root);
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
