/** Reads what a Bot API client posts: JSON, a form, or a form with files. */
import type { IncomingMessage } from "node:http";
import { bodyOf, type FormFile, readForm } from "../../../testing.ts";

export interface CallBody {
  /** Objects in a form are JSON texts; they come parsed. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly FormFile[];
}

export async function readCall(request: IncomingMessage): Promise<CallBody> {
  const bytes = await bodyOf(request);
  const type = request.headers["content-type"] ?? "";
  if (bytes.byteLength === 0) return { fields: {}, files: [] };
  if (type.startsWith("application/json")) return { fields: toFields(JSON.parse(bytes.toString("utf8"))), files: [] };
  const form = readForm(bytes, type);
  const entries = form === undefined ? [...new URLSearchParams(bytes.toString("utf8"))] : Object.entries(form.fields);
  const fields = Object.fromEntries(entries.map(([name, value]) => [name, parsed(value)]));
  return { fields, files: form?.files ?? [] };
}

function toFields(value: unknown): CallBody["fields"] {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** Objects, lists, numbers and booleans come as texts in a form. */
function parsed(value: string): unknown {
  if (!/^(?:[[{]|true$|false$|-?\d+$)/u.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
