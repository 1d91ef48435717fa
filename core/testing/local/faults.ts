/** Which of the bot's next calls go wrong, and how. */
import type { CallFault, LocalFaults } from "../local-platform.ts";

/** What a call does: shows something, changes it, brings a file first, or something else. */
export type CallKind = "send" | "edit" | "upload" | "other";

/** Faults that wait for the next calls. */
export interface FaultQueue {
  readonly next: LocalFaults["next"];
  /** The fault that waits for a call of this kind; it is used up by that. */
  readonly take: (call: CallKind, hasFile?: boolean) => CallFault | undefined;
}

/** An empty queue. A refused file waits for a call that carries one. */
export function createFaultQueue(): FaultQueue {
  const waiting: { readonly on: CallKind | "any"; readonly fault: CallFault }[] = [];
  return {
    next: (on, fault, times = 1) => {
      for (let count = 0; count < times; count += 1) waiting.push({ on, fault });
    },
    take: (call, hasFile = call === "upload") => {
      const index = waiting.findIndex(({ on, fault }) =>
        fault.kind === "file-refused" ? hasFile : on === "any" || on === call,
      );
      return index < 0 ? undefined : waiting.splice(index, 1)[0]?.fault;
    },
  };
}
