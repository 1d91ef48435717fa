/** What a text orders, and what it is read with. */
import type { FilledSlot } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import type { Doubt, Span } from "../../../core/language/index.ts";
import type { NamedEntity } from "../../../core/teaching.ts";
import type { EntityOptions } from "../../understanding/slots/entities.ts";
import type { Cues } from "../cues.ts";
import type { AskedTool } from "../step.ts";

/** Words in the place of a value that cannot be taken as they are. */
export interface Unclear {
  readonly field: string;
  readonly literal: string;
  /** What they may mean; nothing where they name nobody and nothing that is known. */
  readonly candidates: readonly Json[];
  /** True where they are several values for a field that takes one. */
  readonly isSeveral: boolean;
  /** True where it is an IBAN with a typing error. */
  readonly isWrong?: true;
}

/** One of the orders of a text. */
export interface Order {
  readonly slots: Readonly<Record<string, FilledSlot>>;
  readonly unclear?: Unclear;
}

/** What a text orders. */
export interface Orders {
  /** In the order in which they were said; one without values where nothing is named. */
  readonly orders: readonly Order[];
  /** Why it may be less simple than it looks. */
  readonly doubts: readonly Doubt[];
  /** Words in the orders that were not understood. */
  readonly leftOver: readonly Span[];
  /** How many values were found. */
  readonly values: number;
  /** The text without what the text itself took back: "50, no wait," of "50, no wait, 55". */
  readonly kept: string;
  /** Whether nothing but something else is told or asked: "Emre paid 30". */
  readonly isTold?: boolean;
}

/** What a text is read with. */
export interface OrderReader {
  readonly tool: AskedTool;
  readonly cues: Cues;
  readonly entities: EntityOptions;
  readonly named: readonly NamedEntity[];
  /** An order that is changed: its own values beside others change nothing. */
  readonly current?: Readonly<Record<string, FilledSlot>>;
}

export const NOBODY = { candidates: [], isSeveral: false } as const;
