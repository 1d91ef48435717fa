import { z } from "zod";
import { sha256 } from "../canonical-json.ts";

/**
 * One audited fact. It names who, where and which call by ids and hashes; arguments, texts and amounts stay out, so
 * that the audit can be kept and shown longer than what it is about.
 */
export const AuditEntry = z.strictObject({
  version: z.literal(1),
  at: z.iso.datetime(),
  /**
   * `proposed`, `confirmed`, `cancelled`, `expired`: a proposal's life. `executed`, `failed`: an execution, confirmed
   * or direct. `refused`: a call or decision that was not allowed; `uncertain`: an execution that must be repeated.
   */
  kind: z.enum(["proposed", "confirmed", "cancelled", "expired", "executed", "failed", "refused", "uncertain"]),
  bot: z.string(),
  person: z.string(),
  account: z.string(),
  userId: z.string(),
  conversation: z.string(),
  tool: z.string(),
  eventId: z.string(),
  callId: z.string(),
  /** The proposal's id. */
  action: z.string().exactOptional(),
  argumentsHash: z.string().exactOptional(),
  /** Why, as a stable code. */
  code: z.string().exactOptional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The hash before the first entry. */
export const GENESIS = "0".repeat(64);

/** Chains an entry to the one before it. */
export function chainHash(sequence: number, previous: string, body: string): string {
  return sha256(`${sequence}\n${previous}\n${body}`);
}
