import { z } from "zod";
import { sha256 } from "../canonical-json.ts";
import { RowProof } from "./keyed.ts";

/**
 * One audited fact. It names who, where and which call by ids and hashes; arguments, texts and amounts stay out, so
 * that the audit can be kept and shown longer than what it is about. `eventId` is the correlation id.
 */
export const AuditEntry = z.strictObject({
  /** 1: without what was shown and done, and chained without the key. */
  version: z.union([z.literal(1), z.literal(2)]),
  at: z.iso.datetime(),
  /**
   * `proposed`, `confirmed`, `cancelled`, `expired`: a proposal's life. `executed`, `failed`: an execution, confirmed
   * or direct. `refused`: a call or decision that was not allowed; `uncertain`: an execution that must be repeated.
   * `recorded`: rows that no call of a person wrote; `removed`: rows that were deleted for their age, or with their person.
   */
  kind: z.enum([
    "proposed",
    "confirmed",
    "cancelled",
    "expired",
    "executed",
    "failed",
    "refused",
    "uncertain",
    "recorded",
    "removed",
  ]),
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
  risk: z.enum(["low", "medium", "high"]).exactOptional(),
  /** Where the request came from, where that is known. */
  address: z.string().exactOptional(),
  userAgent: z.string().exactOptional(),
  /** Hash of what the requester was shown: summary, facts, amount and payee as canonical JSON. */
  shown: z.string().exactOptional(),
  /** Who decided, by which event: a person, or `system` where time or a newer request did. */
  decided: z.strictObject({ by: z.string(), event: z.string().exactOptional() }).exactOptional(),
  /** What was done: the rows as they were written. */
  rows: z.array(RowProof).exactOptional(),
  /** Many rows of one table by their hashes alone, over these fields. */
  recorded: z
    .strictObject({ table: z.string(), fields: z.array(z.string()), rows: z.record(z.string(), z.string()) })
    .exactOptional(),
  removed: z.strictObject({ table: z.string(), ids: z.array(z.string()) }).exactOptional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
/** What is to be appended. */
export type AuditFacts = Omit<AuditEntry, "version" | "at">;

/** An entry that no person caused. */
export const NOBODY = {
  bot: "",
  person: "system",
  account: "",
  userId: "system",
  conversation: "",
  tool: "",
  eventId: "",
  callId: "",
} as const;

/** The hash before the first entry. */
export const GENESIS = "0".repeat(64);

/** Whether an entry was written before entries were chained with the key. Bodies are canonical: their version stands last. */
export const isUnkeyed = (body: string): boolean => body.endsWith('"version":1}');

/** Chains an unkeyed entry to the one before it. */
export function chainHash(sequence: number, previous: string, body: string): string {
  return sha256(`${sequence}\n${previous}\n${body}`);
}
