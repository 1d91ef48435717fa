import { z } from "zod";
import { Json, JsonObject } from "./json.ts";

/** Checks values by a JSON Schema. What Zod cannot read of it, whoever gave it has to check alone. */
export function zodOf(schema: JsonObject): z.ZodType<Json> {
  try {
    return z.fromJSONSchema(JSON.parse(JSON.stringify(schema))).pipe(Json);
  } catch {
    return JsonObject;
  }
}
