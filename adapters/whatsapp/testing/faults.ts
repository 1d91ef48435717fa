import type { CallFault, LocalFaults } from "../../../core/testing/index.ts";

type On = "send" | "edit" | "any";

/** Faults that wait for the next calls. */
export interface FaultQueue {
  readonly next: LocalFaults["next"];
  /** Takes the fault for a call of this kind, if one waits. */
  readonly take: (call: "send" | "edit" | "other") => CallFault | undefined;
}

export function createFaultQueue(): FaultQueue {
  const waiting: { readonly on: On; readonly fault: CallFault }[] = [];
  return {
    next: (on, fault, times = 1) => {
      for (let count = 0; count < times; count += 1) waiting.push({ on, fault });
    },
    take: (call) => {
      const index = waiting.findIndex(({ on }) => on === "any" || on === call);
      return index < 0 ? undefined : waiting.splice(index, 1)[0]?.fault;
    },
  };
}
