import type { InputRichBlock } from "grammy/types";
import type { Root } from "mdast";
import type {
  Capabilities,
  Choice,
  Degradation,
  Proposal,
  Rendered,
  RenderOptions,
  Reply,
  ReplyFile,
} from "../../adapter.ts";
import { oneLine, parseMarkdown, replyMarkdown, splitPlain, splitTree, toPlainText } from "../../adapter.ts";
import type { MarkedText } from "./entities.ts";
import { quietMentions, toMarkedText } from "./entities.ts";
import { toRichBlocks } from "./rich.ts";
import { MAX_CAPTION_LENGTH, MAX_ENTITIES } from "./manifest.ts";
import type { TelegramSettings } from "./settings.ts";

/** What a poll may hold. */
const MAX_QUESTION_LENGTH = 300;
const MAX_POLL_OPTIONS = 12;

/** One message: words with buttons, a file with a caption, or a question with a vote. */
export interface TelegramPayload extends MarkedText {
  /** The same words as a rich message, where blocks show more than entities. */
  readonly rich?: readonly InputRichBlock[];
  readonly choices: readonly Choice[];
  /** The choices are shown as a poll, the text is its question. */
  readonly poll: boolean;
  readonly file?: ReplyFile;
  /** Shown to the person answered alone. */
  readonly requesterOnly: boolean;
  readonly linkPreviews: boolean;
}

/** A reply as messages: its words, then its files; the buttons are under the last of the words. */
export function renderTelegram(
  reply: Reply,
  { capabilities, plain, ...language }: RenderOptions,
  settings: Pick<TelegramSettings, "mentions" | "choices" | "linkPreviews">,
): Rendered<TelegramPayload> {
  const { choices = [], files = [] } = reply;
  const requesterOnly = reply.visibility === "requester";
  const buttons = choices.slice(0, capabilities.choices.max).map((choice) => shortLabel(choice, capabilities));
  const shown = reply.proposal?.code === undefined ? reply : withoutCode(reply, reply.proposal);
  const tree = parseMarkdown(replyMarkdown(shown, { choices: true, files: true }, language));
  const finish = settings.mentions ? (marked: MarkedText): MarkedText => marked : quietMentions;
  const texts = plain ? plainTexts(tree, capabilities, finish) : bothWays(tree, capabilities, finish);
  const isShortened = buttons.some(({ label }, index) => label !== choices[index]?.label);
  return {
    parts: arrange(texts, buttons, files).map((message) => ({
      ...message,
      poll: settings.choices === "poll" && !requesterOnly && isPoll(message),
      requesterOnly,
      linkPreviews: settings.linkPreviews,
    })),
    degraded: [
      ...(tree.children.some(({ type }) => type === "table") ? [TABLE] : []),
      ...(isShortened ? [SHORTENED] : []),
    ],
  };
}

/** Whether Telegram takes the message as a poll. What moves money is never voted on. */
function isPoll({ text, choices, file }: Message): boolean {
  return (
    file === undefined &&
    text.length <= MAX_QUESTION_LENGTH &&
    choices.length >= 2 &&
    choices.length <= MAX_POLL_OPTIONS &&
    !choices.some(({ id }) => /^(?:confirm|cancel):/u.test(id))
  );
}

/** Where a button confirms, nobody needs to type a code. */
function withoutCode(reply: Reply, proposal: Proposal): Reply {
  if (reply.choices?.some(({ id }) => id.startsWith("confirm:")) !== true) return reply;
  const { code: _code, ...shown } = proposal;
  return { ...reply, proposal: shown };
}

type Finish = (marked: MarkedText) => MarkedText;

/** Words in both ways of showing them. */
type Words = Pick<TelegramPayload, "text" | "entities" | "rich">;

/** The parts are those of the entities: which of both ways the server knows is found out when they are sent. */
function bothWays(tree: Root, { text: { maxLength: limit } }: Capabilities, finish: Finish): readonly Words[] {
  const quiet = (text: string): string => finish({ text, entities: [] }).text;
  const show = (part: Root): Words => {
    const rich = toRichBlocks(part, quiet);
    return { ...finish(toMarkedText(part)), ...(rich === undefined ? {} : { rich }) };
  };
  // An entity counts as a hundredth of the message: more than a hundred of them lose their formatting.
  const sizeOf = ({ text, entities }: MarkedText): number =>
    Math.max(text.length, Math.ceil((entities.length * limit) / MAX_ENTITIES));
  const whole = show(tree);
  if (sizeOf(whole) <= limit) return [whole];
  const measureTree = (part: Root): number => sizeOf(finish(toMarkedText(part)));
  return splitTree(tree, { limit, measureTree }).map((part) => show(part.tree));
}

function plainTexts(tree: Root, { text }: Capabilities, finish: Finish): readonly MarkedText[] {
  const show = (part: string): MarkedText => finish({ text: part, entities: [] });
  const measure = (part: string): number => show(part).text.length;
  return splitPlain(toPlainText(tree), { limit: text.maxLength, measure }).map(show);
}

type Message = Words & Pick<TelegramPayload, "choices" | "file">;

function arrange(texts: readonly Words[], choices: readonly Choice[], files: readonly ReplyFile[]): readonly Message[] {
  const shown = texts.filter(({ text }) => text.trim() !== "");
  const [only] = shown;
  const [file] = files;
  if (files.length === 1 && file !== undefined && shown.length <= 1 && (only?.text.length ?? 0) <= MAX_CAPTION_LENGTH) {
    return [{ ...(only ?? EMPTY), choices, file }];
  }
  const words = shown.length > 0 || files.length > 0 ? shown : [{ ...EMPTY, text: "…" }];
  return [
    ...words.map((text, index) => ({ ...text, choices: index === words.length - 1 ? choices : [] })),
    ...files.map((one, index) => ({ ...EMPTY, file: one, choices: words.length === 0 && index === 0 ? choices : [] })),
  ];
}

const EMPTY: MarkedText = { text: "", entities: [] };
const SHORTENED: Degradation = { feature: "choice label", shownAs: "its beginning" };
const TABLE: Degradation = { feature: "table", shownAs: "aligned text on servers without rich messages" };

function shortLabel(choice: Choice, { choices }: Capabilities): Choice {
  const label = oneLine(choice.label, choices.labelMaxLength);
  return { ...choice, label: label === "" ? choice.id : label };
}

/** A button in a keyboard of the Bot API. */
export interface Button {
  readonly text: string;
  readonly callback_data: string;
  readonly style?: "primary" | "success" | "danger";
}

/** Labels that stand side by side have at most this many characters together. */
const ROW_LENGTH = 30;
const ROW_BUTTONS = 3;
const STYLES = { primary: "success", danger: "danger", default: undefined } as const;

/** Choices as rows of buttons that know whom they were shown to. */
export function keyboardOf(choices: readonly Choice[], userId: string): readonly (readonly Button[])[] {
  const rows: Button[][] = [];
  let room = 0;
  for (const { id, label, style = "default" } of choices) {
    const colour = STYLES[style];
    const button = {
      text: label,
      callback_data: choiceData(id, userId),
      ...(colour === undefined ? {} : { style: colour }),
    };
    const row = rows.at(-1);
    if (row !== undefined && row.length < ROW_BUTTONS && label.length <= room) row.push(button);
    else rows.push([button]);
    room = (row === rows.at(-1) ? room : ROW_LENGTH) - label.length;
  }
  return rows;
}

/** At most 60 of the 64 bytes: the choice's id (48), and the person's id in base 36 (11). */
function choiceData(choiceId: string, userId: string): string {
  return /^[1-9]\d{0,15}$/u.test(userId) ? `${choiceId}|${Number(userId).toString(36)}` : choiceId;
}

/** What a pressed button means, and whom it was shown to. */
export function readChoiceData(data: string): { readonly choiceId: string; readonly ownerId?: string } {
  const [choiceId = "", owner] = data.split("|");
  return owner === undefined ? { choiceId } : { choiceId, ownerId: String(Number.parseInt(owner, 36)) };
}

/**
 * What is left of a keyboard after one of its buttons was pressed: nothing of a decision, which is made once; else the
 * others, such as further suggestions or ratings.
 */
export function keyboardAfter<Shown extends object>(
  keyboard: readonly (readonly Shown[])[],
  pressed: string,
): readonly (readonly Shown[])[] {
  if (/^(?:confirm|cancel):/u.test(pressed)) return [];
  return keyboard
    .map((row) => row.filter((button) => !("callback_data" in button) || button.callback_data !== pressed))
    .filter((row) => row.length > 0);
}
