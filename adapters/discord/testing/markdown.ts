/** Discord's Markdown as its clients show it. */
import { escapeHtml } from "../../../adapter.ts";
import { type Shown, shownIn, shownText, shownTogether } from "../../../core/testing/index.ts";

/** How ids in mentions are shown. */
export interface Names {
  readonly user: (id: string) => string;
  readonly role: (id: string) => string;
  readonly channel: (id: string) => string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly read: (match: readonly string[], names: Names) => Shown | undefined;
}

const mention = (text: string): Shown => shownIn("span", shownText(text), ' class="mention"');
const link = (url: string, label: Shown): Shown =>
  shownIn("a", label, ` href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer"`);
const styled =
  (tag: string, attributes?: string): Rule["read"] =>
  ([, content = ""], names) =>
    shownIn(tag, showInline(content, names), attributes);

/** Tried in this order at each place of a line. */
const RULES: readonly Rule[] = [
  { pattern: /^\\([^0-9A-Za-z\s])/, read: ([, text = ""]) => shownText(text) },
  {
    pattern: /^```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][\s\S]*?)\n*```/i,
    read: ([, text = ""]) => ({ plain: text, html: `<pre><code>${escapeHtml(text)}</code></pre>` }),
  },
  {
    pattern: /^(`+)([\s\S]*?[^`])\1(?!`)/,
    read: ([, , text = ""]) => {
      const code = text.replace(/^ (?=`)/, "").replace(/(?<=`) $/, "");
      return { plain: code, html: `<code>${escapeHtml(code)}</code>` };
    },
  },
  { pattern: /^<@!?(\d+)>/, read: ([, id = ""], { user }) => mention(`@${user(id)}`) },
  { pattern: /^<@&(\d+)>/, read: ([, id = ""], { role }) => mention(`@${role(id)}`) },
  { pattern: /^<#(\d+)>/, read: ([, id = ""], { channel }) => mention(`#${channel(id)}`) },
  { pattern: /^@(?:everyone|here)\b/, read: ([text = ""]) => mention(text) },
  { pattern: /^<a?:(\w+):\d+>/, read: ([, name = ""]) => mention(`:${name}:`) },
  { pattern: /^<\/([-_\p{L}\p{N} ]+):\d+>/u, read: ([, name = ""]) => mention(`/${name}`) },
  { pattern: /^<t:(-?\d{1,13})(?::[tTdDfFR])?>/, read: ([, seconds = "0"]) => mention(timeText(Number(seconds))) },
  { pattern: /^<(https?:\/\/[^\s<>]+)>/i, read: ([, url = ""]) => link(url, shownText(url)) },
  {
    pattern:
      /^\[((?:\\[\s\S]|[^\\[\]]|\[(?:\\[\s\S]|[^\\[\]])*\])+)\]\((?:<(https?:\/\/[^\s<>]+)>|(https?:\/\/[^\s<>)]+))\)/i,
    read: ([, label = "", bracketed = "", bare = ""], names) => {
      // A label that looks like an address could lie about where the link leads: it is shown as it was typed.
      if (/^\s*https?:\/\//i.test(label)) return undefined;
      return link(bracketed === "" ? bare : bracketed, showInline(label, names));
    },
  },
  { pattern: /^https?:\/\/[^\s<]+[^<.,:;"')\]\s]/i, read: ([url = ""]) => link(url, shownText(url)) },
  { pattern: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, read: styled("strong") },
  { pattern: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, read: styled("u") },
  { pattern: /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/, read: styled("em") },
  { pattern: /^\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/, read: styled("em") },
  { pattern: /^~~((?:\\[\s\S]|[^\\])+?)~~(?!_)/, read: styled("s") },
  { pattern: /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, read: styled("span", ' class="spoiler"') },
];

const STARTS = /[\\`<@[h*_~|]/;

/** What stands within a line. */
export function showInline(text: string, names: Names): Shown {
  const parts: Shown[] = [];
  let literal = "";
  for (let at = 0; at < text.length;) {
    const found = STARTS.test(text.charAt(at)) ? firstRule(text, at, names) : undefined;
    if (found === undefined) literal += text.charAt(at);
    else {
      parts.push(shownText(literal), found.shown);
      literal = "";
    }
    at += found?.length ?? 1;
  }
  return shownTogether([...parts, shownText(literal)]);
}

function firstRule(text: string, at: number, names: Names): { shown: Shown; length: number } | undefined {
  const rest = text.slice(at);
  // An underscore inside a word is a letter of it.
  if (/^_(?!_)/.test(rest) && /[0-9A-Za-z]/.test(text.charAt(at - 1))) return undefined;
  for (const { pattern, read } of RULES) {
    const match = pattern.exec(rest);
    const shown = match === null ? undefined : read(match, names);
    if (match !== null && shown !== undefined) return { shown, length: match[0].length };
  }
  return undefined;
}

function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.valueOf()) ? "Invalid Date" : date.toISOString().replace("T", " ").slice(0, 16);
}

/** A whole message. Fences go first, as they swallow everything up to their end. */
export function showMarkdown(text: string, names: Names): Shown {
  const lines = joinFences(text.split("\n"));
  const blocks: Shown[] = [];
  for (let at = 0; at < lines.length;) {
    const rest = lines.slice(at);
    const isAll = rest[0]?.startsWith(">>> ") === true;
    const end = isAll ? rest.length : [...rest, ""].findIndex((line) => !line.startsWith("> "));
    const quoted = isAll
      ? rest.join("\n").slice(4)
      : rest
          .slice(0, end)
          .map((line) => line.slice(2))
          .join("\n");
    blocks.push(end === 0 ? showLine(rest[0] ?? "", names) : shownIn("blockquote", showMarkdown(quoted, names)));
    at += Math.max(end, 1);
  }
  return { plain: blocks.map(({ plain }) => plain).join("\n"), html: blocks.map(({ html }) => html).join("") };
}

function showLine(line: string, names: Names): Shown {
  const [heading, marks = ""] = /^(#{1,3}) +(?=\S)/.exec(line) ?? [];
  if (heading !== undefined) return shownIn(`h${marks.length + 2}`, showInline(line.slice(heading.length), names));
  const [small] = /^-# +(?=\S)/.exec(line) ?? [];
  if (small !== undefined) {
    const { plain, html } = shownIn("small", showInline(line.slice(small.length), names));
    return { plain, html: `${html}<br>` };
  }
  const [item, indent = "", mark = "-"] = /^( *)([-*]|\d{1,9}\.) +(?=\S)/.exec(line) ?? [];
  if (item === undefined)
    return line === "" ? { plain: "", html: "<div><br></div>" } : shownIn("div", showInline(line, names));
  const depth = Math.floor(indent.length / 2);
  const bullet = /\d/.test(mark) ? mark : "•";
  const { plain, html } = showInline(line.slice(item.length), names);
  const shown = { plain: `${"  ".repeat(depth)}${bullet} ${plain}`, html: `${bullet} ${html}` };
  return shownIn("div", shown, ` class="item" style="margin-left:${depth + 1}em"`);
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
