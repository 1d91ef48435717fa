import { ParleyError } from "../errors.ts";

/**
 * What failed, in a form that is safe to log and store. A platform library's message may hold a token (in an address)
 * or a person's words, so of errors that are not ours only the class and a short code are kept.
 */
export function briefError(thrown: unknown): string {
  if (thrown instanceof ParleyError) return `${thrown.code}: ${thrown.message}`;
  if (!(thrown instanceof Error)) return `a thrown ${typeof thrown}`;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  return /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? `${thrown.name} ${code}` : thrown.name;
}
