import type { Prompt } from "./prompt.ts";

const open = new Set<Pick<Prompt, "above">>();

/** From now on what others print in this terminal stands above this prompt; gives what ends that. */
export function keepBelow(prompt: Pick<Prompt, "above">): () => void {
  open.add(prompt);
  return () => void open.delete(prompt);
}

/** Prints beside a conversation in the same terminal: the line that is being typed stays below it, and whole. */
export function printAbove(write: () => void): void {
  const [prompt] = open;
  if (prompt === undefined) write();
  else prompt.above(write);
}
