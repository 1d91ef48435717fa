import { RefusedRequest } from "./api-error.ts";
import { knownModels, rulesOf, type ModelRules } from "./model-rules.ts";

/** `GET /v1/models`: newest first, paged by `limit` and `after_id`. */
export function listModels(query: URLSearchParams) {
  const limit = Number(query.get("limit") ?? 20);
  const after = query.get("after_id");
  const start = after === null ? 0 : knownModels.findIndex((rules) => rules.id === after) + 1;
  const page = knownModels.slice(start, start + limit);
  return {
    data: page.map(describe),
    has_more: start + limit < knownModels.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

/** `GET /v1/models/:id`; refuses with 404 for a model, or any other path, that does not exist. */
export function showModel(method: string, path: string) {
  const id = /^GET \/v1\/models\/([^/]+)$/.exec(`${method} ${path}`)?.[1];
  const rules = id === undefined ? undefined : rulesOf(decodeURIComponent(id));
  if (rules !== undefined) return describe(rules);
  const message = id === undefined ? "Not Found" : `model: ${id}`;
  throw new RefusedRequest({ status: 404, type: "not_found_error", message });
}

function describe(rules: ModelRules) {
  return {
    type: "model",
    id: rules.id,
    display_name: rules.displayName,
    created_at: rules.createdAt,
    lifecycle: "active",
    max_input_tokens: rules.contextWindow,
    max_tokens: rules.maxOutputTokens,
  };
}
