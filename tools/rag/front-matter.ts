import { z } from "zod";

const FrontMatter = z.object({
  title: z.string().min(1).max(300).optional().catch(undefined),
  category: z.string().min(1).max(100).optional().catch(undefined),
  updated: z.string().min(1).max(40).optional().catch(undefined),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .catch(undefined),
});
export type FrontMatter = z.infer<typeof FrontMatter>;

/**
 * Splits the `key: value` lines between two `---` from the text below. Knows title, category, updated and url; other
 * keys and values of a wrong shape are left out.
 */
export function splitFrontMatter(source: string): { readonly matter: FrontMatter; readonly body: string } {
  const text = source.replace(/^\u{feff}/u, "");
  const found = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (found === null) return { matter: {}, body: text };
  const [whole, head = ""] = found;
  const pairs = head.split(/\r?\n/).flatMap((line) => {
    const [, key, value] = /^([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key.toLowerCase(), unquoted(value.trim())] as const];
  });
  return { matter: FrontMatter.parse(Object.fromEntries(pairs)), body: text.slice(whole.length) };
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}
