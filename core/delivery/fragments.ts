/**
 * Cuts a reply into fragments that each fit one message of the platform.
 *
 * A payload is closed to everyone but its adapter, so after a refused markup nobody could say which words of the
 * reply the messages before it already showed. Fragments can: each is a small reply of its own, so the ones that were
 * sent stay said, and the others are rendered again as plain text.
 */
import type { Capabilities } from "../adapter.ts";
import type { Reply } from "../reply.ts";
import { cardsMarkdown, disclaimersMarkdown, sourcesMarkdown } from "./render-text.ts";

/** Cuts Markdown into pieces of at most `limit`, without loss. */
export type SplitText = (text: string, limit: number) => readonly string[];

export interface FragmentOptions {
  readonly text: Capabilities["text"];
  readonly split: SplitText;
  /** How many messages the adapter makes of it. */
  readonly count: (fragment: Reply) => number;
}

/** Below this a fragment that still needs several messages is left to the adapter. */
const SMALLEST_LIMIT = 100;

/** In order; each renders to one message, except where the adapter always shows it as several. Never empty. */
export function fragmentsOf(reply: Reply, options: FragmentOptions): readonly Reply[] {
  if (options.count(reply) <= 1) return [reply];
  const { body, extras } = takeApart(reply);
  const texts = body === undefined ? [] : textFragments(body, options.text.maxLength, options);
  const last = texts.at(-1);
  // Buttons and sources look best under the words they belong to.
  const joined = last === undefined || extras === undefined ? undefined : { ...extras, text: last.text };
  if (joined !== undefined && options.count(joined) <= 1) return [...texts.slice(0, -1), joined];
  const fragments = [...texts, ...(extras === undefined ? [] : extraFragments(extras, options))];
  return fragments.length === 0 ? [reply] : withChoices(fragments, reply, options);
}

/** The words, and what is shown besides them. Choices stay with the extras until they are placed. */
function takeApart(reply: Reply): { readonly body: Reply | undefined; readonly extras: Reply | undefined } {
  const body = reply.text.trim() === "" ? undefined : wordsOnly(reply, reply.text);
  const bare =
    reply.cards === undefined &&
    reply.proposal === undefined &&
    reply.choices === undefined &&
    reply.files === undefined &&
    reply.sources.length === 0 &&
    reply.disclaimers.length === 0;
  return { body, extras: bare ? undefined : { ...reply, text: "" } };
}

/** A part of the reply with this text and nothing else. */
export function wordsOnly(reply: Reply, text: string): Reply {
  const { choices: _choices, cards: _cards, proposal: _proposal, files: _files, ...rest } = reply;
  return { ...rest, text, sources: [], disclaimers: [] };
}

function textFragments(reply: Reply, limit: number, options: FragmentOptions): readonly Reply[] {
  const pieces = options.split(reply.text, limit).filter((piece) => piece.trim() !== "");
  return pieces.flatMap((piece) => {
    const fragment = { ...reply, text: piece };
    // Markup may make a message longer than its Markdown: such a piece is cut again, smaller.
    const smaller = Math.floor(limit / 2);
    return smaller < SMALLEST_LIMIT || options.count(fragment) <= 1
      ? [fragment]
      : textFragments(fragment, smaller, options);
  });
}

/** One fragment per kind of extra; what is too long for one message as a card becomes text. */
function extraFragments(extras: Reply, options: FragmentOptions): readonly Reply[] {
  const empty = wordsOnly(extras, "");
  const orText = (fragment: Reply, text: string): readonly Reply[] =>
    options.count(fragment) <= 1 ? [fragment] : textFragments({ ...empty, text }, options.text.maxLength, options);
  const { cards = [], sources, disclaimers, files = [] } = extras;
  const together = { ...empty, cards };
  const each = cards.map((one) => ({ ...empty, cards: [one] }));
  const shown = options.count(together) <= 1 ? [together] : each;
  return [
    ...(cards.length === 0 ? [] : shown.flatMap((one) => orText(one, cardsMarkdown(one.cards)))),
    ...(extras.proposal === undefined ? [] : [{ ...empty, proposal: extras.proposal }]),
    ...(sources.length === 0 ? [] : orText({ ...empty, sources }, sourcesMarkdown(sources))),
    ...(disclaimers.length === 0 ? [] : orText({ ...empty, disclaimers }, disclaimersMarkdown(disclaimers))),
    // Each by itself: one that the platform refuses costs no other.
    ...files.map((file) => ({ ...empty, files: [file] })),
  ];
}

/** Buttons go under the proposal they confirm, else under the last message. */
function withChoices(fragments: readonly Reply[], reply: Reply, options: FragmentOptions): readonly Reply[] {
  const { choices } = reply;
  if (choices === undefined || choices.length === 0) return fragments;
  const proposal = fragments.findIndex((fragment) => fragment.proposal !== undefined);
  const place = proposal >= 0 ? proposal : fragments.length - 1;
  return fragments.flatMap((fragment, index) => {
    if (index !== place) return [fragment];
    const joined = { ...fragment, choices };
    if (options.count(joined) <= 1 || fragment.text === "") return [joined];
    // A numbered list needs room: the words before it are cut once more.
    const halves = textFragments(fragment, Math.max(SMALLEST_LIMIT, Math.floor(options.text.maxLength / 2)), options);
    return halves.map((half, at) => (at === halves.length - 1 ? { ...half, choices } : half));
  });
}
