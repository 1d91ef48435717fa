/** OpenAPI 3.1 from the routes' Zod schemas. */
import { z } from "zod";
import type { HttpRoute } from "../core/http.ts";
import { Problem } from "./problem.ts";

export type OpenApiDocument = ReturnType<typeof openApi>;
export type OperationDocument = ReturnType<typeof operation>;

/** The document for these routes. */
export function openApi(routes: readonly HttpRoute[], version: string) {
  const paths: Record<string, Record<string, OperationDocument>> = {};
  for (const route of routes) {
    if (route.hidden === true) continue;
    const path = route.path.replaceAll(/:([A-Za-z]+)/gu, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley",
      version,
      description: "Talk with the bot over HTTP. Errors are problem details (RFC 9457).",
    },
    paths,
    components: { schemas: { Problem: jsonSchema(Problem) } },
  };
}

function operation(route: HttpRoute) {
  const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  const responses = Object.entries(route.responses ?? {}).map(([status, schema]) => {
    const content = { "application/json": { schema: jsonSchema(schema) } };
    return [status, { description: Number(status) < 400 ? "Done" : "Not done", content }] as const;
  });
  return {
    /** Unique: what generated clients call the call. */
    operationId: operationId(route),
    summary: route.summary,
    tags: route.tags ?? [],
    parameters: [...parametersOf(route.parameters, "path"), ...parametersOf(route.query, "query")],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: jsonSchema(route.body) } } } }),
    responses: {
      ...(responses.length === 0 ? { 200: { description: "Done" } } : Object.fromEntries(responses)),
      default: { description: "A problem", content: problem },
    },
  };
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

function parametersOf(schema: z.ZodObject | undefined, place: "path" | "query") {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path" || !z.safeParse(field, undefined).success,
    schema: jsonSchema(field),
  }));
}

function jsonSchema(schema: z.core.$ZodType): unknown {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
