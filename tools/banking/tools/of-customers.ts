/** What the bank's tools have in common: each serves the customer that the calling person is linked to. */
import type { Json } from "../../../core/json.ts";
import type { Echo, ToolContext } from "../../../core/tool.ts";
import { canonicalJson, sha256 } from "../../canonical-json.ts";
import { BankRefusal } from "../errors.ts";

export const OWN_DATA = { scopes: ["private"], depends: "user" } as const;
export const READING = { ...OWN_DATA, risk: "low", confirmation: "never" } as const;
export const CHANGING = { ...OWN_DATA, risk: "high", confirmation: "always" } as const;

/** What a key was used for: the customer and exactly what was asked. */
export function requestHash(customer: string, request: Json): string {
  return sha256(canonicalJson({ customer, request }));
}

/** Throws where something else was confirmed than would be done now. */
export function assertConfirmed(echo: Echo, { confirmed }: ToolContext): void {
  if (confirmed !== undefined && canonicalJson({ ...echo }) === canonicalJson({ ...confirmed })) return;
  throw new BankRefusal("bank/unconfirmed", "This is not what was confirmed. Nothing was done.");
}
