import type { MemoryFact } from "./crew.ts";

/** What is remembered of a person who chose short answers, in words that every crew reads. */
export const SHORT_ANSWERS = { key: "answer length", value: "short answers" } as const;

/** Whether it is. */
export function wantsShortAnswers(memory: readonly Pick<MemoryFact, "key" | "value">[]): boolean {
  return memory.some(({ key, value }) => key === SHORT_ANSWERS.key && value === SHORT_ANSWERS.value);
}
