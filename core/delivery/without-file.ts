import type { Reply } from "../reply.ts";
import { wordsOnly } from "./fragments.ts";
import { notAttachedMarkdown } from "./render-text.ts";

/**
 * What is sent instead of a fragment whose file was refused. Of several files nobody knows which one it was: each is
 * tried by itself below the words. A single one gives way to a line that says so. `isBegun`: the words stand already.
 */
export function withoutFile(
  fragment: Reply,
  { locale, isBegun }: { readonly locale: string | undefined; readonly isBegun: boolean },
): readonly Reply[] {
  const { files = [], choices, ...rest } = fragment;
  const words = isBegun ? wordsOnly(fragment, "") : rest;
  const buttons = choices === undefined ? {} : { choices };
  const [only] = files;
  if (files.length === 1 && only !== undefined) {
    const blocks = [words.text, notAttachedMarkdown(only, { locale })].filter((block) => block.trim() !== "");
    return [{ ...words, text: blocks.join("\n\n"), ...buttons }];
  }
  const each = files.map((file): Reply => ({ ...wordsOnly(fragment, ""), files: [file] }));
  if (!isEmpty(words)) return [{ ...words, ...buttons }, ...each];
  return each.map((one, index) => (index === each.length - 1 ? { ...one, ...buttons } : one));
}

function isEmpty({ text, cards = [], proposal, sources, disclaimers }: Reply): boolean {
  return text.trim() === "" && cards.length + sources.length + disclaimers.length === 0 && proposal === undefined;
}
