/** OpenAPI 3.1 from the routes' Zod schemas and examples. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { HttpRoute, RouteExample } from "../core/http.ts";
import { Json } from "../core/json.ts";
import { isOfNoBot } from "./access/roles.ts";
import { Problem } from "./problem.ts";

export type OpenApiDocument = ReturnType<typeof openApi>;
type OperationDocument = ReturnType<typeof operation>;

/** The document for these routes. */
export function openApi(routes: readonly HttpRoute[], version: string) {
  const { write, shared } = schemaWriter();
  const paths: Record<string, Record<string, OperationDocument>> = {};
  for (const route of routes) {
    if (route.hidden === true) continue;
    const path = route.path.replaceAll(/:([A-Za-z]+)/gu, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, write) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley",
      version,
      description: "Talk with the bot over HTTP. Errors are problem details (RFC 9457).",
    },
    paths,
    components: {
      schemas: { Problem: write(Problem), ...shared },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An access token, or an API key." },
      },
    },
  };
}

function operation(route: HttpRoute, write: WriteSchema) {
  const { summary, tags = [], permission, owner, parameters, query } = route;
  const [example] = route.examples ?? [];
  return {
    /** Unique: what generated clients call the call. */
    operationId: operationId(route),
    summary,
    description: needs(route),
    tags,
    security: permission === "public" || permission === "signed" ? [] : [{ bearer: [] }],
    /** What the caller needs, and whether some callers are held to what is theirs. */
    "x-parley-permission": permission,
    "x-parley-owned": owner !== undefined,
    parameters: [
      ...parametersOf(write, parameters, "path", example?.parameters),
      ...parametersOf(write, query, "query", example?.query),
      ...(keepsAnswers(route) ? [KEY_PARAMETER] : []),
    ],
    ...requestOf(route, write),
    responses: responsesOf(route, write),
  };
}

/** What its caller needs, in words: pages that show the document leave out what no standard names. */
function needs(route: HttpRoute): string {
  const { permission, owner, bot, sharedBy, demands } = route;
  if (permission === "public") return "Needs no login.";
  if (permission === "signed") return "Needs no login: its sender signs it.";
  if (permission === "account:manage") return "Needs a login; no key and no token of a program has it.";
  const isOfAll = bot === undefined && sharedBy === undefined && demands === undefined && owner === undefined;
  const where = isOfAll && !isOfNoBot(permission) ? ", of a role with all bots" : "";
  const own = owner === undefined ? "" : " Whoever has it for what is their own finds nothing else.";
  return `Needs the permission \`${permission}\`${where}.${own}`;
}

/** Calls that change something and whose body the gateway itself reads. */
function keepsAnswers({ method, holdsSecrets, permission }: HttpRoute): boolean {
  return method !== "GET" && holdsSecrets !== true && permission !== "signed";
}

const KEY_PARAMETER = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Sent again under the same key within a day, the call is answered as before and not done again.",
  schema: { type: "string", maxLength: 255 },
};

function requestOf({ body, examples = [], method }: HttpRoute, write: WriteSchema) {
  const written = examples.filter((one) => one.body !== undefined);
  if (body !== undefined) {
    const content = { "application/json": { schema: write(body), ...examplesOf(written, (one) => one.body) } };
    return { requestBody: { required: true, content } };
  }
  if (method === "GET" || written.length === 0) return {};
  const content = { "application/octet-stream": { schema: {}, ...examplesOf(written, (one) => one.body) } };
  return { requestBody: { required: true, content } };
}

function responsesOf({ responses = {}, examples = [] }: HttpRoute, write: WriteSchema) {
  const told = Object.entries(responses).map(([status, schema]) => {
    const shown = examples.filter((one) => String(one.status) === status && one.answer !== undefined);
    const content = { "application/json": { schema: write(schema), ...examplesOf(shown, (one) => one.answer) } };
    return [status, { description: Number(status) < 400 ? "Done" : "Not done", content }] as const;
  });
  const [{ status } = { status: 200 }] = examples;
  const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return {
    ...(told.length === 0
      ? { [status]: { description: status < 400 ? "Done" : "Not done" } }
      : Object.fromEntries(told)),
    default: { description: "A problem", content: problem },
  };
}

function examplesOf(examples: readonly RouteExample[], valueOf: (example: RouteExample) => unknown) {
  if (examples.length === 0) return {};
  const named = examples.map((one, index) => [`example${index + 1}`, { summary: one.summary, value: valueOf(one) }]);
  return { examples: z.record(z.string(), z.unknown()).parse(Object.fromEntries(named)) };
}

/** `POST /api/v1/sessions/:id/reset` is `postSessionsByIdReset`. */
function operationId({ method, path }: HttpRoute): string {
  const words = path
    .replace(/^\/api\/v1/u, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => part.replace(/^:/u, "by-"));
  return [method.toLowerCase(), ...words.flatMap((word) => word.split(/[^A-Za-z0-9]+/u))]
    .filter((word) => word !== "")
    .map((word, index) => (index === 0 ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`))
    .join("");
}

function parametersOf(
  write: WriteSchema,
  schema: z.ZodObject | undefined,
  place: "path" | "query",
  example: Readonly<Record<string, string>> = {},
) {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path" || !z.safeParse(field, undefined).success,
    schema: write(field),
    ...(example[name] === undefined ? {} : { example: example[name] }),
  }));
}

/** A schema as JSON Schema. */
type WriteSchema = (schema: z.core.$ZodType) => unknown;

const Written = z.looseObject({ $defs: z.record(z.string(), z.unknown()).optional() });

/**
 * Writes schemas. What one of them refers to itself, as a value within a value, stands among the document's own: a reference is
 * read from the document's root.
 */
function schemaWriter(): { readonly write: WriteSchema; readonly shared: Record<string, unknown> } {
  const shared: Record<string, unknown> = {};
  const write: WriteSchema = (schema) => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", override: anyJson }));
    if (!text.includes('"$defs"')) return JSON.parse(text);
    const { $defs = {} } = Written.parse(JSON.parse(text));
    // Schemas count their parts from 0: the same name means another thing in each.
    const prefix = `Part${createHash("sha256").update(JSON.stringify($defs)).digest("hex").slice(0, 8)}`;
    const moved = Written.parse(
      JSON.parse(text, (key, value: unknown) => (key === "$ref" ? movedRef(value, prefix) : value)),
    );
    for (const [name, part] of Object.entries(moved.$defs ?? {})) shared[`${prefix}${name}`] = part;
    const { $defs: _moved, ...rest } = moved;
    return rest;
  };
  return { write, shared };
}

/** JSON is whatever it is: written out it would refer to itself, which a type of a client cannot. */
function anyJson({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (zodSchema === Json) for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
}

function movedRef(reference: unknown, prefix: string): unknown {
  return String(reference).replace("#/$defs/", `#/components/schemas/${prefix}`);
}
