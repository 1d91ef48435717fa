/** The description of the calls as one page to read: complete in itself, without scripts. */
import { z } from "zod";
import type { HttpRoute } from "../core/http.ts";
import { readingPage } from "../core/page/reading-page.ts";
import { escapeHtml } from "../core/text/escape-html.ts";
import { openApi, type OpenApiDocument, type OperationDocument } from "./open-api.ts";

const STYLE = `
.sheet { max-width: 56rem; }
.rich .calls { columns: 20rem; padding: 0; list-style: none; }
.rich .calls li { margin: 0 0 .35rem; break-inside: avoid; }
.calls a { text-decoration: none; }
.calls a:hover code, .call h3 a:hover { text-decoration: underline; }
.method { display: inline-block; min-width: 3.6rem; padding: .05rem .45rem; border-radius: .4rem; background: var(--tint); color: var(--link); font-size: .75rem; font-weight: 680; text-align: center; }
.DELETE { background: light-dark(#fde3e0, #431a17); color: var(--bad); }
.POST { background: light-dark(#ddf3e4, #123421); color: var(--good); }
.call { margin-top: 1.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.call h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.call h3 code { padding: 0; background: none; font-size: 1rem; font-weight: 600; }
.call h4 { margin: 1.1rem 0 0; font-size: .875rem; color: var(--muted); }
.rich .table { margin-top: .3rem; }
.rich td:first-child { white-space: nowrap; }
.rich td:last-child { min-width: 12rem; }
.need { color: var(--bad); font-size: .8125rem; white-space: nowrap; }
.rich pre { margin-top: .3rem; white-space: pre; }
`;

/** As much of JSON Schema as fields are told by. */
const Schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});
type Schema = z.infer<typeof Schema>;

/** Fields of fields are told so deep. */
const DEEPEST = 3;

interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationDocument;
}

/** `/openapi.json` and `/docs` for these routes. */
export function openApiRoutes(routes: readonly HttpRoute[], version: string): readonly HttpRoute[] {
  let made: OpenApiDocument | undefined;
  const document = (): OpenApiDocument => (made ??= openApi(routes, version));
  return [
    {
      method: "GET",
      path: "/openapi.json",
      summary: "This description",
      hidden: true,
      handle: async () => Response.json(document()),
    },
    {
      method: "GET",
      path: "/docs",
      summary: "This description, readable",
      hidden: true,
      handle: async () =>
        new Response(docsPage(document()), { headers: { "content-type": "text/html; charset=utf-8" } }),
    },
  ];
}

/** The page. `paths` stand under the names of their tags. */
function docsPage({ info, paths }: OpenApiDocument): string {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Call => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const [tag = "operations"] = call.operation.tags;
    groups.set(tag, [...(groups.get(tag) ?? []), call]);
  }
  const sections = [...groups].map(
    ([name, members]) => `<h2>${escapeHtml(titled(name))}</h2>${members.map(section).join("")}`,
  );
  const body = `<main class="sheet rich"><h1>The calls</h1>
<p>${escapeHtml(info.description)} As data for tools: <a href="/openapi.json">/openapi.json</a>.</p>
${[...groups].map(([name, members]) => `<h4>${escapeHtml(titled(name))}</h4>${index(members)}`).join("")}
${sections.join("")}</main>`;
  return readingPage({ title: info.title, about: `Version ${escapeHtml(info.version)}`, body, style: STYLE });
}

function index(calls: readonly Call[]): string {
  const items = calls.map(
    (call) =>
      `<li><a href="#${call.operation.operationId}">${badge(call)} <code>${escapeHtml(call.path)}</code></a></li>`,
  );
  return `<ul class="calls">${items.join("")}</ul>`;
}

const badge = ({ method }: Call): string => `<span class="method ${method}">${method}</span>`;
const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

function section(call: Call): string {
  const { path, operation } = call;
  const body = operation.requestBody?.content["application/json"]?.schema;
  const parameters = operation.parameters.map(({ name, in: place, required, schema }): Field => ({
    name: place === "path" ? `{${name}}` : `?${name}`,
    required,
    schema: read(schema),
  }));
  return `<section class="call" id="${operation.operationId}">
<h3>${badge(call)} <code>${escapeHtml(path)}</code></h3>
<p>${inCode(operation.summary)}</p>
${parameters.length > 0 ? `<h4>In the address</h4>${table(parameters)}` : ""}
${body === undefined ? "" : `<h4>Body</h4>${table(fieldsOf(read(body)))}`}
<h4>Example</h4><pre><code>${escapeHtml(example(call, body))}</code></pre>
${answers(operation)}
</section>`;
}

/** Every status with the same fields is told once. */
function answers({ responses }: OperationDocument): string {
  const shapes = new Map<string, string[]>();
  for (const [status, response] of Object.entries(responses)) {
    if (status === "default") continue;
    const fields = fieldsOf(read(JsonAnswer.safeParse(response).data?.content["application/json"].schema));
    const shape = fields.length === 0 ? "" : table(fields);
    shapes.set(shape, [...(shapes.get(shape) ?? []), status]);
  }
  const told = [...shapes].map(([shape, statuses]) => `<h4>Answer ${statuses.join(", ")}</h4>${shape}`);
  return `${told.join("")}<p class="page-about">Every other answer is a problem (<code>application/problem+json</code>).</p>`;
}

const JsonAnswer = z.object({ content: z.object({ "application/json": z.object({ schema: z.unknown() }) }) });

function read(schema: unknown): Schema {
  return Schema.safeParse(schema).data ?? {};
}

function fieldsOf(schema: Schema, prefix = "", depth = 0): readonly Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([key, value]): readonly Field[] => {
    const field: Field = { name: `${prefix}${key}`, schema: read(value), required: required.includes(key) };
    const item = read(field.schema.items);
    const [inner, joint] = item.properties === undefined ? [field.schema, "."] : [item, "[]."];
    return [field, ...(depth + 1 < DEEPEST ? fieldsOf(inner, `${field.name}${joint}`, depth + 1) : [])];
  });
}

function table(fields: readonly Field[]): string {
  const rows = fields.map(({ name, schema, required }) => {
    const preset = schema.default === undefined ? "" : ` Left out: ${escapeHtml(JSON.stringify(schema.default))}.`;
    const told = `${inCode(schema.description ?? "")}${preset}`;
    const need = required ? ' <span class="need">required</span>' : "";
    return `<tr><td><code>${escapeHtml(name)}</code>${need}</td><td>${escapeHtml(typeOf(schema))}</td><td>${told}</td></tr>`;
  });
  return `<div class="table" role="region" aria-label="Fields" tabindex="0"><table>
<thead><tr><th>Name</th><th>Kind</th><th>Meaning</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function typeOf(schema: Schema): string {
  const { type, enum: values, anyOf, oneOf, items } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" | ");
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map((one) => typeOf(read(one))))].join(" | ");
  if (type === "array") return `list of ${typeOf(read(items))}`;
  if (Array.isArray(type)) return type.join(" | ");
  return type ?? "any JSON";
}

/** A call that can be made as it is, with the required fields alone. */
function example({ method, path }: Call, body: unknown): string {
  const address = `curl -s${method === "GET" ? "" : ` -X ${method}`} "http://127.0.0.1:8080${path}"`;
  if (body === undefined) return address;
  const { properties = {}, required = [] } = read(body);
  const sample = Object.fromEntries(required.map((name) => [name, sampleOf(name, read(properties[name]))]));
  return `${address} \\\n  -H 'content-type: application/json' -d '${JSON.stringify(sample)}'`;
}

function sampleOf(name: string, { type, enum: values, properties, items }: Schema): unknown {
  if (values !== undefined) return values[0];
  if (type === "array") return [sampleOf(name, read(items))];
  if (type === "object")
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, value]) => [key, sampleOf(key, read(value))]),
    );
  if (type === "integer" || type === "number") return 1;
  return type === "boolean" ? true : name === "text" ? "Hello" : `<${name}>`;
}

/** A text whose `…` are code. */
function inCode(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/gu, "<code>$1</code>");
}
