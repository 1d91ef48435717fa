/** Reads Discord's Markdown the way its clients do, for what a person sees. */

/** Something within a line, or a fence that may stand within one. */
export type Inline =
  | { readonly kind: "text" | "code" | "mention"; readonly text: string }
  | { readonly kind: "fence"; readonly language: string; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: Style; readonly children: readonly Inline[] };

export type Style = "strong" | "emphasis" | "underline" | "strike" | "spoiler";

/** A line, or lines that belong together. */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "item"; readonly depth: number; readonly mark: string; readonly children: readonly Inline[] }
  | { readonly kind: "small" | "line"; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] };

/** How ids in mentions are shown. */
export interface Names {
  readonly user: (id: string) => string;
  readonly role: (id: string) => string;
  readonly channel: (id: string) => string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly read: (match: readonly string[], names: Names) => Inline | undefined;
}

const styled =
  (kind: Style): Rule["read"] =>
  ([, content = "", other = ""], names) => ({ kind, children: readInline(content === "" ? other : content, names) });

/** Tried in this order at each place of a line. */
const RULES: readonly Rule[] = [
  { pattern: /^\\([^0-9A-Za-z\s])/, read: ([, text = ""]) => ({ kind: "text", text }) },
  {
    pattern: /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```/i,
    read: ([, language = "", text = ""]) => ({ kind: "fence", language, text }),
  },
  {
    pattern: /^(`+)([\s\S]*?[^`])\1(?!`)/,
    read: ([, , text = ""]) => ({ kind: "code", text: text.replace(/^ (?=`)/, "").replace(/(?<=`) $/, "") }),
  },
  { pattern: /^<@!?(\d+)>/, read: ([, id = ""], { user }) => ({ kind: "mention", text: `@${user(id)}` }) },
  { pattern: /^<@&(\d+)>/, read: ([, id = ""], { role }) => ({ kind: "mention", text: `@${role(id)}` }) },
  { pattern: /^<#(\d+)>/, read: ([, id = ""], { channel }) => ({ kind: "mention", text: `#${channel(id)}` }) },
  { pattern: /^@(?:everyone|here)\b/, read: ([text = ""]) => ({ kind: "mention", text }) },
  { pattern: /^<a?:(\w+):\d+>/, read: ([, name = ""]) => ({ kind: "mention", text: `:${name}:` }) },
  { pattern: /^<\/([-_\p{L}\p{N} ]+):\d+>/u, read: ([, name = ""]) => ({ kind: "mention", text: `/${name}` }) },
  {
    pattern: /^<t:(-?\d{1,13})(?::[tTdDfFR])?>/,
    read: ([, seconds = "0"]) => ({ kind: "mention", text: timeText(Number(seconds)) }),
  },
  { pattern: /^<(https?:\/\/[^\s<>]+)>/i, read: ([, url = ""]) => plainLink(url) },
  {
    pattern:
      /^\[((?:\\[\s\S]|[^\\[\]]|\[(?:\\[\s\S]|[^\\[\]])*\])+)\]\((?:<(https?:\/\/[^\s<>]+)>|(https?:\/\/[^\s<>)]+))\)/i,
    read: ([, label = "", bracketed = "", bare = ""], names) => {
      // A label that looks like an address could lie about where the link leads: it is shown as it was typed.
      if (/^\s*https?:\/\//i.test(label)) return undefined;
      return { kind: "link", url: bracketed === "" ? bare : bracketed, children: readInline(label, names) };
    },
  },
  { pattern: /^https?:\/\/[^\s<]+[^<.,:;"')\]\s]/i, read: ([url = ""]) => plainLink(url) },
  { pattern: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, read: styled("strong") },
  { pattern: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, read: styled("underline") },
  {
    pattern: /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
    read: styled("emphasis"),
  },
  { pattern: /^\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/, read: styled("emphasis") },
  { pattern: /^~~((?:\\[\s\S]|[^\\])+?)~~(?!_)/, read: styled("strike") },
  { pattern: /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, read: styled("spoiler") },
];

const STARTS = /[\\`<@[h*_~|]/;

export function readInline(text: string, names: Names): readonly Inline[] {
  const nodes: Inline[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") nodes.push({ kind: "text", text: literal });
    literal = "";
  };
  for (let at = 0; at < text.length;) {
    const found = STARTS.test(text.charAt(at)) ? firstRule(text, at, names) : undefined;
    if (found === undefined) {
      literal += text.charAt(at);
      at += 1;
    } else if (found.node.kind === "text") {
      literal += found.node.text;
      at += found.length;
    } else {
      flush();
      nodes.push(found.node);
      at += found.length;
    }
  }
  flush();
  return nodes;
}

function firstRule(
  text: string,
  at: number,
  names: Names,
): { readonly node: Inline; readonly length: number } | undefined {
  const rest = text.slice(at);
  const inWord = /[0-9A-Za-z]/.test(text.charAt(at - 1));
  for (const { pattern, read } of RULES) {
    // An underscore inside a word is a letter of it.
    if (rest.startsWith("_") && !rest.startsWith("__") && inWord) return undefined;
    const match = pattern.exec(rest);
    const node = match === null ? undefined : read(match, names);
    if (match !== null && node !== undefined) return { node, length: match[0].length };
  }
  return undefined;
}

function plainLink(url: string): Inline {
  return { kind: "link", url, children: [{ kind: "text", text: url }] };
}

function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.valueOf()) ? "Invalid Date" : date.toISOString().replace("T", " ").slice(0, 16);
}

/** Reads a whole message. Fences go first, as they swallow everything up to their end. */
export function readMarkdown(text: string, names: Names): readonly Block[] {
  const lines = joinFences(text.split("\n"));
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.startsWith(">>> ")) {
      const quoted = [line.slice(4), ...lines.slice(at + 1)].join("\n");
      return [...blocks, { kind: "quote", blocks: readMarkdown(quoted, names) }];
    }
    const quoted: string[] = [];
    while ((lines[at] ?? "").startsWith("> ")) {
      quoted.push((lines[at] ?? "").slice(2));
      at += 1;
    }
    if (quoted.length > 0) {
      blocks.push({ kind: "quote", blocks: readMarkdown(quoted.join("\n"), names) });
      at -= 1;
    } else blocks.push(readLine(line, names));
  }
  return blocks;
}

function readLine(line: string, names: Names): Block {
  const heading = /^(#{1,3}) +(?=\S)/.exec(line);
  if (heading !== null)
    return {
      kind: "heading",
      level: heading[1]?.length ?? 1,
      children: readInline(line.slice(heading[0].length), names),
    };
  if (/^-# +\S/.test(line)) return { kind: "small", children: readInline(line.replace(/^-# +/, ""), names) };
  const item = /^( *)([-*]|\d{1,9}\.) +(?=\S)/.exec(line);
  if (item === null) return { kind: "line", children: readInline(line, names) };
  const [all, indent = "", mark = "-"] = item;
  return {
    kind: "item",
    depth: Math.floor(indent.length / 2),
    mark: /\d/.test(mark) ? mark : "•",
    children: readInline(line.slice(all.length), names),
  };
}

/** Puts the lines of a fence together, so that what stands in it is not read as lines. */
function joinFences(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let open: string | undefined;
  for (const line of lines) {
    const whole: string = open === undefined ? line : `${open}\n${line}`;
    const fences = whole.match(/(?<!\\)```/g)?.length ?? 0;
    if (fences % 2 === 1) open = whole;
    else {
      joined.push(whole);
      open = undefined;
    }
  }
  return open === undefined ? joined : [...joined, ...open.split("\n")];
}
