/**
 * What a reply carries besides its text, as Markdown: for platforms that have no cards, buttons or citations of
 * their own. Adapters put these behind the reply's text and render the whole.
 *
 * Everything that comes from data (names, payees, titles, quotes) is escaped: it is shown as it is and can neither
 * mark up the message nor open a link.
 */
import { escapeMarkdown } from "../markdown/index.ts";
import type { Card, Choice, Proposal, Reply, ReplyFile, Source } from "../reply.ts";
import type { Language } from "./locale-text.ts";
import { localeText } from "./locale-text.ts";
import { numberable } from "./numbered-choices.ts";
import { labelsFor } from "./render-labels.ts";

/** Which extras the platform shows natively, so that the text leaves them out. */
export interface NativeExtras {
  readonly choices?: boolean;
  readonly cards?: boolean;
  readonly proposal?: boolean;
  readonly sources?: boolean;
  readonly files?: boolean;
}

/** The whole reply as one Markdown text: words, cards, proposal, numbered choices, sources, disclaimers. */
export function replyMarkdown(reply: Reply, native: NativeExtras = {}, options: Language = {}): string {
  const { proposal } = reply;
  const choices = unless(native.choices, () => choicesMarkdown(reply.choices ?? [], options));
  // A number that is typed means a choice: nothing else in the reply bears one beside them.
  const cards = choices === "" ? reply.cards : reply.cards?.map(({ number: _rank, ...card }) => card);
  const blocks = [
    reply.text,
    unless(native.cards, () => cardsMarkdown(cards ?? [])),
    unless(native.proposal, () => (proposal === undefined ? "" : proposalMarkdown(proposal, options))),
    unless(native.files, () => filesMarkdown(reply.files ?? [], options)),
    choices,
    unless(native.sources, () => sourcesMarkdown(reply.sources, options)),
    disclaimersMarkdown(reply.disclaimers),
  ];
  return blocks
    .filter((block) => block.trim() !== "")
    .reduce((before, block) => (before === "" ? block : `${before}\n\n${apartFrom(before, block)}`), "");
}

const unless = (isNative: boolean | undefined, write: () => string): string => (isNative === true ? "" : write());

const ORDERED = /^ {0,3}\d{1,9}([.)])\s/gmu;

/** Two ordered lists that follow each other would be read as one and numbered through, unless their marks differ. */
function apartFrom(before: string, block: string): string {
  const mark = [...before.matchAll(ORDERED)].at(-1)?.[1];
  return mark === "." ? block.replaceAll(/^(\d{1,9})\.(?=\s)/gmu, "$1)") : block;
}

/** Cards as a list, numbered where they are: `1. **Name** (kind, price)` and the sentence below. Empty for none. */
export function cardsMarkdown(cards: readonly Card[]): string {
  return cards
    .map(({ title, number, facts, text }) => {
      const said = facts.map(({ value, phrase = value }) => asData(phrase)).filter((phrase) => phrase !== "");
      const brackets = said.length === 0 ? "" : ` (${said.join(", ")})`;
      const sentence = text === "" ? "" : `\n   ${asData(text)}`;
      return `${number === undefined ? "-" : `${number}.`} **${asData(title)}**${brackets}${sentence}`;
    })
    .join("\n");
}

/** The proposal as its requester must see it before confirming: exactly what, with its facts, until when. */
export function proposalMarkdown(proposal: Proposal, options: Language = {}): string {
  const { labels, time } = localeText(options);
  const lines = [
    `**${asData(proposal.summary)}**`,
    ...proposal.facts.map(({ label, value }) => `${asData(label)}: **${asData(value)}**`),
    `${labels.validUntil}: ${time(proposal.expiresAt)}`,
  ];
  const code = proposal.code === undefined ? [] : [labels.typeCode(`\`${proposal.code.replaceAll("`", "'")}\``)];
  return [lines.map((line) => `- ${line}`).join("\n"), ...code].join("\n\n");
}

/** Sources as numbered citations with place and quote; the numbers are those that `[1]` in a text means. */
export function sourcesMarkdown(sources: readonly Source[], options: Language = {}): string {
  if (sources.length === 0) return "";
  const lines = sources.map((source, index) => {
    const title = asData(source.title);
    const url = webAddress(source.url);
    const named = url === undefined ? title : `[${title}](<${url}>)`;
    const place = source.location.trim() === "" ? "" : `, ${asData(source.location)}`;
    const quote = source.quote.trim() === "" ? "" : `: “${asData(source.quote)}”`;
    return `${index + 1}. ${named}${place}${quote}`;
  });
  return `**${labelsFor(options.locale).sources}**\n\n${lines.join("\n")}`;
}

/** Names of files, for platforms that show none. */
function filesMarkdown(files: readonly ReplyFile[], options: Language): string {
  return files.map(({ name }) => `- ${labelsFor(options.locale).file}: ${asData(name)}`).join("\n");
}

/** Says that a file could not be shown. */
export function notAttachedMarkdown({ name }: Pick<ReplyFile, "name">, options: Language): string {
  return labelsFor(options.locale).notAttached(asData(name));
}

/** Disclaimers in italics, one paragraph each. */
export function disclaimersMarkdown(disclaimers: readonly string[]): string {
  return disclaimers
    .filter((text) => text.trim() !== "")
    .map((text) => `*${asData(text)}*`)
    .join("\n\n");
}

/** Choices as a numbered list; confirmations are left out (`numberable`). Empty when there is nothing to number. */
export function choicesMarkdown(choices: readonly Choice[], options: Language = {}): string {
  const offered = numberable(choices);
  if (offered.length === 0) return "";
  const lines = offered.map((choice, index) => `${index + 1}. ${asData(choice.label)}`);
  return `${lines.join("\n")}\n\n${labelsFor(options.locale).typeNumber}`;
}

/** Data as one line that shows exactly itself. */
function asData(text: string): string {
  return escapeMarkdown(text.replaceAll(/\s+/g, " ").trim());
}

/** The address where it is one of the web; anything else is not linked. */
function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") return undefined;
  return parsed.href.replaceAll("<", "%3C").replaceAll(">", "%3E");
}
