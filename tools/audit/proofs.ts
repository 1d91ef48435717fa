/** What the entries of the chain say of rows, gathered while it is walked. */
import { jsonText } from "../../core/store/rows.ts";
import { AuditEntry } from "./entry.ts";
import type { RowProof } from "./keyed.ts";
import type { Entry } from "./tables.ts";

/** A proof of some fields of a row, and the entry that has it. */
export interface Proven {
  readonly sequence: number;
  readonly hash: string;
  readonly names: readonly string[];
  /** None of rows that were recorded by their hashes alone. */
  readonly marks?: RowProof["fields"];
}

export interface Proofs {
  readonly see: (entry: Entry) => void;
  /** Proofs of a row that stand, the oldest first; undefined for a row that no entry names. */
  readonly of: (table: string, id: string) => readonly Proven[] | undefined;
  /** Rows that must be there. */
  readonly rows: () => Iterable<{ readonly table: string; readonly id: string; readonly proven: readonly Proven[] }>;
  readonly isRecorded: (table: string) => boolean;
  /** A proposal of before rows were proved, by the hash of its arguments. */
  readonly former: (
    id: string,
  ) => { readonly sequence: number; readonly argumentsHash: string | undefined } | undefined;
  /** Whether an action was confirmed and has no outcome yet. */
  readonly isInFlight: (action: string) => boolean;
}

const Body = jsonText(AuditEntry);

/** Gathers nothing yet. */
export function createProofs(): Proofs {
  const byTable = new Map<string, Map<string, Proven[]>>();
  const recorded = new Set<string>();
  const former = new Map<string, { readonly sequence: number; readonly argumentsHash: string | undefined }>();
  const inFlight = new Set<string>();
  const tableOf = (name: string): Map<string, Proven[]> => {
    const found = byTable.get(name) ?? new Map<string, Proven[]>();
    byTable.set(name, found);
    return found;
  };
  const prove = (table: string, id: string, proven: Proven): void => {
    const rows = tableOf(table);
    // What is proved of the same fields again stands in place of what was proved before.
    const standing = (rows.get(id) ?? []).filter(({ names }) => !names.every((name) => proven.names.includes(name)));
    rows.set(id, [...standing, proven]);
  };
  const follow = ({ kind, action, rows = [], argumentsHash }: AuditEntry, sequence: number): void => {
    if (action === undefined) return;
    if (kind === "confirmed") inFlight.add(action);
    if (kind === "executed" || kind === "failed") inFlight.delete(action);
    if (kind === "proposed" && rows.length === 0) former.set(action, { sequence, argumentsHash });
  };
  return {
    see: ({ sequence, body }) => {
      const parsed = Body.safeParse(body);
      // The walk says that it was changed.
      if (!parsed.success) return;
      const entry = parsed.data;
      follow(entry, sequence);
      for (const { table, id, hash, fields } of entry.rows ?? [])
        prove(table, id, { sequence, hash, names: Object.keys(fields), marks: fields });
      if (entry.recorded !== undefined) {
        const { table, fields: names, rows } = entry.recorded;
        recorded.add(table);
        for (const [id, hash] of Object.entries(rows)) prove(table, id, { sequence, hash, names });
      }
      for (const id of entry.removed?.ids ?? []) {
        byTable.get(entry.removed?.table ?? "")?.delete(id);
        former.delete(id);
      }
    },
    of: (table, id) => byTable.get(table)?.get(id),
    rows: function* () {
      for (const [table, rows] of byTable) for (const [id, proven] of rows) yield { table, id, proven };
    },
    isRecorded: (table) => recorded.has(table),
    former: (id) => former.get(id),
    isInFlight: (action) => inFlight.has(action),
  };
}
