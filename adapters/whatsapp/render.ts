/** Replies as WhatsApp messages: text in WhatsApp's formatting, choices as a poll, as reply buttons or as a list. */
import type { Choice, Degradation, Rendered, RenderOptions, Reply } from "../../adapter.ts";
import {
  localeText,
  numberable,
  oneLine,
  parseMarkdown,
  replyMarkdown,
  splitIntoParts,
  splitPlain,
  toPlainText,
} from "../../adapter.ts";
import { toUnmarked, toWhatsapp } from "./markup.ts";

/** Longest text of one message, by either transport. */
export const MAX_TEXT = 4_096;
/** Longest text below a file. */
export const MAX_CAPTION = 1_024;
/** Limits of polls: question, option, number of options. */
export const POLL = { question: 255, option: 100, fewest: 2, most: 12 } as const;
/** Limits of the Cloud API's reply buttons and lists. */
export const INTERACTIVE = { body: 1_024, buttons: 3, buttonTitle: 20, rows: 10, rowTitle: 24, rowText: 72 } as const;

/** Where there is nothing to say: WhatsApp takes no empty message. */
const NO_WORDS = "…";

/** A choice as it is shown: its label fits the platform and is like no other of the same message. */
export interface Option {
  readonly id: string;
  readonly label: string;
  /** The rest of a label that did not fit. */
  readonly detail?: string;
}

/** One message. Polls are of WhatsApp Web, buttons and lists of the Cloud API. */
export type WhatsappPart =
  | { readonly kind: "text"; readonly text: string }
  | PollPart
  | { readonly kind: "buttons"; readonly text: string; readonly options: readonly Option[] }
  /** `open`: what the button says that shows the list. */
  | { readonly kind: "list"; readonly text: string; readonly options: readonly Option[]; readonly open: string }
  | FilePart;

/** A poll, and the words that stand right above it as a message of their own. */
export interface PollPart {
  readonly kind: "poll";
  readonly words?: string;
  readonly question: string;
  readonly options: readonly Option[];
}

/** A file, with the words that belong to it. */
export interface FilePart {
  readonly kind: "file";
  readonly name: string;
  readonly mediaType: string;
  readonly spoolKey: string;
  readonly caption?: string;
}

type Settings = Pick<RenderOptions, "plain" | "locale" | "timeZone">;

/** WhatsApp Web has no buttons: choices become a poll, and a typed number or a proposal's code says the same. */
export function renderForWeb(reply: Reply, settings: Settings): Rendered<WhatsappPart> {
  const { choices = [] } = reply;
  const asPoll = choices.length >= POLL.fewest && choices.length <= POLL.most;
  const degraded: readonly Degradation[] =
    choices.length === 0 ? [] : [{ feature: "choices", shownAs: asPoll ? "poll" : "numbered list" }];
  const numbered = numberable(choices).length > 0 ? { numberedChoices: true } : {};
  if (!asPoll)
    return {
      parts: withFiles(reply, textParts(replyMarkdown(reply, { files: true }, settings), settings)),
      degraded,
      ...numbered,
    };
  const { question, text } = askedIn(reply, settings);
  const texts = split(text, MAX_TEXT, settings);
  const poll: PollPart = { kind: "poll", question, options: toOptions(choices, POLL.option) };
  return { parts: withFiles(reply, withWords(texts, poll)), degraded, ...numbered };
}

/** The last words go with their poll, so that nothing comes between them. */
function withWords(texts: readonly string[], poll: PollPart): readonly WhatsappPart[] {
  const words = texts.at(-1);
  if (words === undefined) return [poll];
  return [...texts.slice(0, -1).map((text): WhatsappPart => ({ kind: "text", text })), { ...poll, words }];
}

/**
 * The Cloud API has three reply buttons or a list of ten. More choices become a numbered list, and so do those that were
 * refused as buttons (groups have none).
 */
export function renderForCloud(reply: Reply, settings: Settings): Rendered<WhatsappPart> {
  const { choices = [], proposal } = reply;
  if (choices.length === 0 || choices.length > INTERACTIVE.rows || settings.plain) {
    const degraded = choices.length === 0 ? [] : [{ feature: "choices", shownAs: "numbered list" }];
    const numbered = numberable(choices).length > 0 ? { numberedChoices: true } : {};
    return {
      parts: withFiles(reply, textParts(replyMarkdown(reply, { files: true }, settings), settings)),
      degraded,
      ...numbered,
    };
  }
  // Who can press need not type.
  const shown = proposal === undefined ? reply : { ...reply, proposal: { ...proposal, code: undefined } };
  const asButtons =
    choices.length <= INTERACTIVE.buttons && choices.every(({ label }) => label.length <= INTERACTIVE.buttonTitle);
  const limit = asButtons ? INTERACTIVE.buttonTitle : INTERACTIVE.rowTitle;
  const texts = bodyLast(replyMarkdown(shown, { choices: true, files: true }, settings), settings);
  const shownAs = { text: texts.at(-1) ?? NO_WORDS, options: toOptions(choices, limit) };
  const part: WhatsappPart = asButtons
    ? { kind: "buttons", ...shownAs }
    : { kind: "list", ...shownAs, open: localeText(settings).labels.options };
  const before = texts.slice(0, -1).map((text): WhatsappPart => ({ kind: "text", text }));
  return { parts: withFiles(reply, [...before, part]), degraded: [] };
}

/** What a poll asks, and the words above it: the proposal, or the last paragraph where it is short enough. */
function askedIn(reply: Reply, settings: Settings): { readonly question: string; readonly text: string } {
  const text = replyMarkdown(reply, { choices: true, files: true }, settings);
  if (reply.proposal !== undefined) return { question: oneLine(reply.proposal.summary, POLL.question), text };
  const tree = parseMarkdown(reply.text);
  const last = tree.children.at(-1);
  if (last?.type !== "paragraph") return { question: "👇", text };
  const words = toPlainText({ type: "root", children: [last] });
  if (words.trim() === "" || words.length > POLL.question) return { question: lastQuestion(words) ?? "👇", text };
  const rest = reply.text.slice(0, last.position?.start.offset ?? 0);
  return {
    question: oneLine(words, POLL.question),
    text: replyMarkdown({ ...reply, text: rest }, { choices: true, files: true }, settings),
  };
}

/** The question that a long paragraph ends with. */
function lastQuestion(words: string): string | undefined {
  const question = /(?:^|[.!?]\s+)([^.!?]+\?)\s*$/u.exec(words)?.[1]?.trim();
  return question === undefined || question.length > POLL.question ? undefined : question;
}

function textParts(markdown: string, settings: Settings): readonly WhatsappPart[] {
  const texts = split(markdown, MAX_TEXT, settings);
  return (texts.length === 0 ? [NO_WORDS] : texts).map((text) => ({ kind: "text", text }));
}

/** Texts of which the last one fits above buttons. */
function bodyLast(markdown: string, settings: Settings): readonly string[] {
  const texts = split(markdown, MAX_TEXT, settings);
  return (texts.at(-1)?.length ?? 0) <= INTERACTIVE.body ? texts : split(markdown, INTERACTIVE.body, settings);
}

/** Cut by what WhatsApp counts: the text with its marks. */
function split(markdown: string, limit: number, { plain }: Settings): readonly string[] {
  if (plain) return splitPlain(toUnmarked(toPlainText(parseMarkdown(markdown))), { limit });
  return splitIntoParts(markdown, { limit, measureTree: (tree) => toWhatsapp(tree).length })
    .map(({ tree }) => toWhatsapp(tree))
    .filter((text) => text.trim() !== "");
}

function toOptions(choices: readonly Choice[], limit: number): readonly Option[] {
  const taken = new Set<string>();
  return choices.map(({ id, label: given }) => {
    const label = given.trim() === "" ? id : given;
    const whole = oneLine(label);
    let shown = oneLine(label, limit);
    for (let count = 2; taken.has(shown); count += 1)
      shown = `${oneLine(label, limit - String(count).length - 1)} ${count}`;
    taken.add(shown);
    return { id, label: shown, ...(shown === whole ? {} : { detail: oneLine(label, INTERACTIVE.rowText) }) };
  });
}

/** Short words go below the first file, as people send them; otherwise files follow the words. */
function withFiles({ files = [] }: Reply, parts: readonly WhatsappPart[]): readonly WhatsappPart[] {
  const [first, ...others] = files.map((file): FilePart => ({ kind: "file", ...file }));
  const [words] = parts;
  if (first === undefined) return parts;
  // Sounds have no caption on WhatsApp.
  const together =
    parts.length === 1 &&
    words?.kind === "text" &&
    words.text.length <= MAX_CAPTION &&
    !first.mediaType.startsWith("audio/");
  if (!together) return [...(isWordless(parts) ? [] : parts), first, ...others];
  return [isWordless(parts) ? first : { ...first, caption: words.text }, ...others];
}

function isWordless([words, ...others]: readonly WhatsappPart[]): boolean {
  return others.length === 0 && words?.kind === "text" && words.text === NO_WORDS;
}
