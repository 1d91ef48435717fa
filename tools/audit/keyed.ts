/** Hashes that nobody makes without the audit's key: those of the chain, and those of the rows that it proves. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { Evidence } from "../../core/evidence.ts";
import { canonicalJson } from "../canonical-json.ts";

/** A row as it was written. Its fields are told apart by short marks: they name what was changed, the hash finds it. */
export const RowProof = z.strictObject({
  table: z.string(),
  id: z.string(),
  hash: z.string(),
  fields: z.record(z.string(), z.string()),
});
export type RowProof = z.infer<typeof RowProof>;

const MARK_LENGTH = 8;

export interface KeyedHashes {
  /** Chains an entry to the one before it. */
  readonly chain: (sequence: number, previous: string, body: string) => string;
  /** Of these fields of a row, whatever others it has by now. */
  readonly hashOf: (row: Evidence, names: readonly string[]) => string;
  readonly prove: (row: Evidence) => RowProof;
  /** The fields of a proof that a row has with another value; all that are known where the marks tell none. */
  readonly changed: (proof: RowProof, row: Evidence) => readonly string[];
}

/** With keys of their own: what is proved of a row can stand for no entry. */
export function keyedHashes(key: Uint8Array): KeyedHashes {
  const derive = (use: string): Buffer => createHmac("sha256", key).update(`parley audit ${use}`).digest();
  const [entries, rows] = [derive("entries"), derive("rows")];
  const hmac = (secret: Buffer, text: string): string =>
    createHmac("sha256", secret).update(text, "utf8").digest("hex");
  const textOf = ({ fields }: Evidence, names: readonly string[]): string =>
    canonicalJson(Object.fromEntries(names.map((name) => [name, fields[name] ?? null])));
  const hashOf: KeyedHashes["hashOf"] = (row, names) => hmac(rows, `${row.table}\n${row.id}\n${textOf(row, names)}`);
  const markOf = (row: Evidence, name: string): string => hashOf(row, [name]).slice(0, MARK_LENGTH);
  return {
    chain: (sequence, previous, body) => hmac(entries, `${sequence}\n${previous}\n${body}`),
    hashOf,
    prove: (row) => {
      const names = Object.keys(row.fields).toSorted();
      const fields = Object.fromEntries(names.map((name) => [name, markOf(row, name)]));
      return { table: row.table, id: row.id, hash: hashOf(row, names), fields };
    },
    changed: ({ hash, fields }, row) => {
      const names = Object.keys(fields);
      if (hashOf(row, names) === hash) return [];
      const differing = names.filter((name) => markOf(row, name) !== fields[name]);
      return differing.length === 0 ? names : differing;
    },
  };
}
