/** What an experiment is, and what it says in the end. */
import type { Engine } from "../../core/store/sql/database.ts";
import type { Report } from "./checker.ts";
import type { Kind, Mutant } from "./stage.ts";

export interface Context {
  /** Which engine keeps the state. */
  readonly store: Engine;
  readonly short: boolean;
  /** Files of failed runs stay where they are. */
  readonly keepFiles: boolean;
}

export interface Result {
  /** What speaks against the system; empty when the experiment passed. */
  readonly faults: readonly string[];
  /** What was measured, in the order in which it is shown. */
  readonly figures: Readonly<Record<string, number | string>>;
  readonly report?: Report;
  /** Why it could not run here. */
  readonly skipped?: string;
}

export interface Experiment {
  /** `F1`, as in the table of fault experiments. */
  readonly id: string;
  readonly title: string;
  readonly kinds: readonly Kind[];
  /** With which engines it says something: both where state is written or read again when things fail. */
  readonly stores: readonly Engine[];
  readonly run: (kind: Kind, context: Context) => Promise<Result>;
  /** The system was mutilated: the experiment passes when the harness finds a fault of this kind. */
  readonly mutant?: { readonly without: Mutant; readonly finds: RegExp };
}

/** The value below which the fraction of the values lies; 0 of none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * fraction) - 1)] ?? 0;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A fault when the condition does not hold. */
export const must = (holds: boolean, otherwise: string): readonly string[] => (holds ? [] : [otherwise]);
