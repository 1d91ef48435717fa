import { AIMessage } from "@langchain/core/messages";
import type { WholeAnswer } from "../models/ask-model.ts";
import type { CrewState } from "../roles/contract.ts";

/**
 * Gives each call of an answer an id that no other call of the turn has: some servers give all the same one, begin anew
 * with each answer, or give none. The answer's transcript holds the same calls, so that it names them alike.
 */
export function tellApart({ calls }: Pick<WholeAnswer, "calls">, { transcript, made }: CrewState): void {
  const earlier = transcript.flatMap((one) => (AIMessage.isInstance(one) ? (one.tool_calls ?? []) : []));
  const taken = new Set([...earlier.map(({ id }) => id), ...made.map(({ reference }) => reference), undefined, ""]);
  for (const call of calls) {
    if (taken.has(call.id)) call.id = freeId(taken);
    taken.add(call.id);
  }
}

function freeId(taken: ReadonlySet<string | undefined>): string {
  let number = taken.size;
  while (taken.has(`call_${number}`)) number += 1;
  return `call_${number}`;
}
