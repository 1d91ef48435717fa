/** Other people's words and files that a message is about: material to answer from, never an order. */
import type { CrewInput } from "../../core/crew.ts";
import { foreignWords } from "../../core/language/segments.ts";

export interface Material {
  /** Who said it, where that is known. */
  readonly speaker?: string;
  /** True when this assistant said it. */
  readonly isSelf: boolean;
  readonly text: string;
  /** Names of its files. */
  readonly files: readonly string[];
}

/**
 * What the turn refers to: the messages answered or handed on, what is quoted or pasted in the person's words, and the
 * texts of the files sent.
 */
export function materialOf(
  words: readonly string[],
  { referred, attachments: sent }: Pick<CrewInput, "referred" | "attachments">,
): readonly Material[] {
  const messages = referred.map(({ speaker, isSelf, text, quote, attachments }): Material => ({
    ...(speaker !== undefined && { speaker }),
    isSelf,
    text: quote ?? text,
    files: attachments.map(({ name, kind }) => name ?? kind),
  }));
  const quoted = words.flatMap(foreignWords).map((text): Material => ({ isSelf: false, text, files: [] }));
  const texts = sent.flatMap(({ text = "" }): readonly Material[] =>
    text.trim() === "" ? [] : [{ isSelf: false, text, files: [] }],
  );
  return [...messages, ...quoted, ...texts];
}
