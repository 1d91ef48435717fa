/** Slack's dialects and Block Kit, made from the Markdown tree. Pure. */
import type { Root } from "mdast";
import type { Choice, Language, Rendered, RenderOptions, Reply, ReplyFile } from "../../adapter.ts";
import {
  cardsMarkdown,
  cutText,
  disclaimersMarkdown,
  parseMarkdown,
  proposalMarkdown,
  replyMarkdown,
  sourcesMarkdown,
  splitPlain,
  splitTree,
  toMarkdown,
  toPlainText,
} from "../../adapter.ts";
import { encodeMrkdwn, JOINER, toMrkdwn } from "./mrkdwn.ts";
import type { SlackSettings } from "./settings.ts";

/** A Block Kit block. */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** One message; `send.ts` makes the blocks of it. */
export interface SlackPayload {
  /** The words; they ring nobody whom they must not. */
  readonly tree: Root;
  /** The same as Slack's Markdown block takes them. Empty where there are only cards. */
  readonly markdown: string;
  /** For notifications and search: plain words with Slack's entities. */
  readonly text: string;
  readonly cards: readonly Block[];
  readonly choices: readonly Choice[];
  /** A file is a message of its own. */
  readonly file?: ReplyFile;
  readonly plain: boolean;
  readonly toRequesterOnly: boolean;
}

/** What Slack takes as Markdown in one message. */
const WORDS_LIMIT = 12_000;
const SECTION_LIMIT = 3_000;
/** All texts of one message's blocks, and its blocks besides words and buttons. */
const MESSAGE_LIMIT = 13_000;
const CARDS_LIMIT = 40;
const NOTIFICATION_LIMIT = 2_000;
const BUTTONS = 5;

/** Words as Markdown, the rest as cards below them; buttons go with the last message, files come below. */
export function renderSlack(
  reply: Reply,
  { plain, ...language }: Pick<RenderOptions, "plain" | "locale" | "timeZone">,
  { mentions }: Pick<SlackSettings, "mentions">,
): Rendered<SlackPayload> {
  const { choices = [], files = [], visibility } = reply;
  const extras = plain ? [] : extrasOf(reply, language);
  const cards = extras.flatMap(({ block }) => (block === undefined ? [] : [block]));
  const overflow = extras.flatMap(({ block, markdown }) => (block === undefined ? [markdown] : []));
  const words = plain
    ? replyMarkdown(withoutCode(reply), { choices: true, files: true }, language)
    : [reply.text, ...overflow].join("\n\n");
  const trees = treesOf(silenced(parseMarkdown(words), mentions), plain ? toMrkdwn : toMarkdown);
  const contents: Content[] = trees.map((tree) => ({ tree, cards: [] }));
  for (const card of cards) addCard(contents, card);
  if (contents.length === 0 && (files.length === 0 || choices.length > 0))
    contents.push({ tree: parseMarkdown(choices.length === 0 ? "…" : ""), cards: [] });
  const facts = { plain, toRequesterOnly: visibility === "requester" };
  const messages = contents.map((content, index): SlackPayload => {
    const last = index === contents.length - 1;
    return {
      ...facts,
      tree: content.tree,
      markdown: toMarkdown(content.tree),
      text: notification(content.tree, last ? choices : []),
      cards: content.cards,
      choices: last ? distinct(choices) : [],
    };
  });
  const shown = files.map((file): SlackPayload => ({ ...facts, ...NO_WORDS, file }));
  return { parts: [...messages, ...shown], degraded: [] };
}

const NO_WORDS = { tree: parseMarkdown(""), markdown: "", text: "", cards: [], choices: [] };

/** Where there are buttons no code is typed, so nobody is shown one. */
function withoutCode(reply: Reply): Reply {
  return reply.proposal === undefined ? reply : { ...reply, proposal: { ...reply.proposal, code: undefined } };
}

interface Content {
  readonly tree: Root;
  readonly cards: Block[];
}

/** Puts a card under the last words, or in a message of its own where it would be too much. */
function addCard(contents: Content[], card: Block): void {
  const last = contents.at(-1);
  const length = last === undefined ? 0 : toMarkdown(last.tree).length + lengthOf([...last.cards, card]);
  if (last !== undefined && length <= MESSAGE_LIMIT && last.cards.length < CARDS_LIMIT) last.cards.push(card);
  else contents.push({ tree: parseMarkdown(""), cards: [card] });
}

function lengthOf(cards: readonly Block[]): number {
  return cards.reduce((sum, card) => sum + JSON.stringify(card).length, 0);
}

interface Extra {
  readonly markdown: string;
  /** Left out where it is too long for a block: then it is said in words. */
  readonly block: Block | undefined;
}

function extrasOf({ cards = [], proposal, sources, disclaimers }: Reply, language: Language): readonly Extra[] {
  return [
    ...cards.map((one) => asExtra(cardsMarkdown([one]), section)),
    ...(proposal === undefined ? [] : [asExtra(proposalMarkdown({ ...proposal, code: undefined }, language), section)]),
    ...(sources.length === 0 ? [] : [asExtra(sourcesMarkdown(sources, language), context)]),
    ...disclaimers
      .map((text) => asExtra(disclaimersMarkdown([text]), context))
      .filter(({ markdown }) => markdown !== ""),
  ];
}

function asExtra(markdown: string, toBlock: (mrkdwn: string) => Block): Extra {
  const mrkdwn = toMrkdwn(parseMarkdown(markdown));
  return { markdown, block: mrkdwn.length > SECTION_LIMIT ? undefined : toBlock(mrkdwn) };
}

const section = (text: string): Block => ({ type: "section", text: { type: "mrkdwn", text } });
const context = (text: string): Block => ({ type: "context", elements: [{ type: "mrkdwn", text }] });

function treesOf(tree: Root, write: (tree: Root) => string): readonly Root[] {
  if (tree.children.length === 0) return [];
  return splitTree(tree, { limit: WORDS_LIMIT, measureTree: (part) => write(part).length }).map((part) => part.tree);
}

/** The blocks of a message: words, cards, buttons. After a refusal the words are mrkdwn, which cannot be refused. */
export function blocksOf({ tree, markdown, cards, choices, plain }: SlackPayload, blockId: string): readonly Block[] {
  const words = plain ? mrkdwnSections(tree) : [{ type: "markdown", text: markdown }];
  const buttons = choices.length === 0 ? [] : [actions(choices, blockId)];
  return [...(markdown === "" ? [] : words), ...cards, ...buttons];
}

function mrkdwnSections(tree: Root): readonly Block[] {
  const measureTree = (part: Root): number => toMrkdwn(part).length;
  return splitTree(tree, { limit: SECTION_LIMIT, measureTree }).map((part) => section(toMrkdwn(part.tree)));
}

/** Few choices are buttons, many a menu. */
function actions(choices: readonly Choice[], blockId: string): Block {
  const options = choices.map(({ id, label }) => ({ text: plainText(label), value: id }));
  const menu = { type: "static_select", action_id: "choices", placeholder: plainText("Choose…"), options };
  return { type: "actions", block_id: blockId, elements: choices.length > BUTTONS ? [menu] : choices.map(button) };
}

function button({ id, label, value, style }: Choice): Readonly<Record<string, unknown>> {
  return {
    type: "button",
    action_id: `choice:${id}`,
    text: plainText(label),
    ...(value === "" || value.length > 2_000 ? {} : { value }),
    ...(style === undefined || style === "default" ? {} : { style }),
  };
}

export function plainText(text: string, limit = 75): Readonly<Record<string, unknown>> {
  return { type: "plain_text", text: cutText(text, limit, "…"), emoji: true };
}

function distinct(choices: readonly Choice[]): readonly Choice[] {
  return [...new Map(choices.map((choice) => [choice.id, choice])).values()];
}

function notification(tree: Root, choices: readonly Choice[]): string {
  const words = toPlainText(tree).trim();
  const text = words === "" ? choices.map(({ label }) => label).join(" · ") : words;
  const [first = ""] = splitPlain(text === "" ? "…" : text, { limit: NOTIFICATION_LIMIT });
  return encodeMrkdwn(first);
}

/** The words that later words cannot change any more: what may be streamed for good. */
export function settledPrefix({ tree, markdown }: Pick<SlackPayload, "tree" | "markdown">): string {
  const last = tree.children.at(-1);
  const before = tree.children.slice(0, -1);
  const open = last === undefined ? undefined : settledPart(last);
  const candidates = [open === undefined ? [] : [...before, open], before];
  const written = candidates.map((children) => (children.length === 0 ? "" : toMarkdown({ type: "root", children })));
  return written.find((text) => text !== "" && markdown.startsWith(text)) ?? "";
}

function settledPart(node: Root["children"][number]): Root["children"][number] | undefined {
  if (node.type === "list" && node.children.length > 1) return { ...node, children: node.children.slice(0, -1) };
  if (node.type !== "paragraph") return undefined;
  const last = node.children.at(-1);
  // What looks like the beginning of markup, and the last word, may still change.
  const settled = last?.type === "text" ? /^[^*_~`[\]<!&|\\]*(?=\s)/u.exec(last.value)?.[0] : undefined;
  if (settled === undefined) return undefined;
  return { ...node, children: [...node.children.slice(0, -1), { type: "text", value: settled.trimEnd() }] };
}

const EVERYONE = /<(?=!(?:channel|here|everyone|subteam))|(?<![\w.])@(?=(?:channel|here|everyone)\b)/gu;
const PEOPLE = /<(?=@[UW][A-Z0-9])/gu;

/** The tree with all mentions broken that are not allowed. */
function silenced<Node extends object>(node: Node, mentions: SlackSettings["mentions"]): Node {
  if (mentions === "everyone") return node;
  const quiet = (text: string): string => {
    const hushed = text.replaceAll(EVERYONE, `$&${JOINER}`);
    return mentions === "people" ? hushed : hushed.replaceAll(PEOPLE, `$&${JOINER}`);
  };
  return {
    ...node,
    ...("value" in node && typeof node.value === "string" ? { value: quiet(node.value) } : {}),
    ...("children" in node && Array.isArray(node.children)
      ? { children: node.children.map((child: object) => silenced(child, mentions)) }
      : {}),
  };
}
