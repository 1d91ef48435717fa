/** `parse_mode: "HTML"` as the Bot API reads it. */
import type { LocalEntity } from "./entities.ts";
import { refuse } from "./refusal.ts";

const TAGS: Readonly<Record<string, LocalEntity["type"]>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  a: "text_link",
};
const CHARACTERS: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

const TOKEN = /<(?<slash>\/?)(?<tag>[a-zA-Z-]*)(?<attributes>[^<>]*)>|&(?<character>lt|gt|amp|quot|#\d+);|<|[^<&]+|&/gu;

interface OpenTag {
  readonly tag: string;
  readonly offset: number;
  readonly url?: string;
}

/** The text and its entities. Throws the API's error with the byte offset of the fault. */
export function parseHtml(html: string): { readonly text: string; readonly entities: readonly LocalEntity[] } {
  const open: OpenTag[] = [];
  const entities: LocalEntity[] = [];
  let text = "";
  for (const { 0: whole, index, groups = {} } of html.matchAll(TOKEN)) {
    const { slash, tag, attributes = "", character } = groups;
    if (tag === undefined) text += character === undefined ? literal(whole, html, index) : unescaped(character);
    else if (TAGS[tag] === undefined) fail(`Unsupported start tag "${tag}"`, html, index);
    else if (slash === "") open.push(openTag(tag, text.length, attributes));
    else entities.push(...closeTag(open.pop(), tag, { html, index, end: text.length }));
  }
  const left = open.at(-1);
  if (left !== undefined) fail(`Can't find end tag corresponding to start tag "${left.tag}"`, html, html.length);
  return { text, entities };
}

function fail(what: string, html: string, at: number): never {
  return refuse(
    400,
    `Bad Request: can't parse entities: ${what} at byte offset ${Buffer.byteLength(html.slice(0, at))}`,
  );
}

function literal(whole: string, html: string, at: number): string {
  return whole === "<" ? fail("Unclosed start tag", html, at) : whole;
}

function unescaped(character: string): string {
  return CHARACTERS[character] ?? String.fromCodePoint(Number(character.slice(1)));
}

function openTag(tag: string, offset: number, attributes: string): OpenTag {
  const url = /href="([^"]*)"/u.exec(attributes)?.[1];
  return { tag, offset, ...(url === undefined ? {} : { url }) };
}

function closeTag(
  last: OpenTag | undefined,
  tag: string,
  { html, index, end }: { readonly html: string; readonly index: number; readonly end: number },
): readonly LocalEntity[] {
  const type = TAGS[tag];
  if (last?.tag !== tag)
    return fail(`Unmatched end tag, expected "</${last?.tag ?? ""}>", found "</${tag}>"`, html, index);
  if (type === undefined || end === last.offset) return [];
  const { offset, url } = last;
  return [{ type, offset, length: end - offset, ...(url === undefined ? {} : { url }) }];
}
