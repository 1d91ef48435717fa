/**
 * What this process stored or read lately, by its text: it is not parsed and validated once more. A text always stands for
 * the same, whichever broker keeps it. What it stands for is shared, and changed by nobody.
 */
import type { InboundEvent } from "../event.ts";
import type { OutboxDraft } from "./outbox-entry.ts";

/** Bounds what is held: a megabyte or two of texts, and what they stand for. */
const KEPT = 2_000;
const LONGEST = 2_000;

export interface Written<Value> {
  /** The value as text, to be stored. */
  readonly write: (value: Value) => string;
  /** A text was read, and stands for this. */
  readonly note: (text: string, value: Value) => void;
  readonly find: (text: string) => Value | undefined;
}

/** Makes an empty memory. */
export function createWritten<Value>(): Written<Value> {
  const values = new Map<string, Value>();
  const note = (text: string, value: Value): void => {
    if (text.length > LONGEST) return;
    values.set(text, value);
    if (values.size <= KEPT) return;
    const [oldest] = values.keys();
    if (oldest !== undefined) values.delete(oldest);
  };
  return {
    write: (value) => {
      const text = JSON.stringify(value);
      note(text, value);
      return text;
    },
    note,
    find: (text) => values.get(text),
  };
}

export const writtenEvents = createWritten<InboundEvent>();
export const writtenDrafts = createWritten<OutboxDraft>();
