/** Messages that are about what somebody else said: "is this true?", "/summary", a bare mention as an answer. */
import { cutText } from "../../core/text/cut.ts";
import type { Material } from "../roles/material.ts";
import type { IntentReader } from "./recognize-intent.ts";

/** What a message is about besides its own words. */
export interface About {
  readonly kind: "question" | "summary" | "order" | "files";
  readonly speaker?: string;
  readonly isSelf: boolean;
  /** Others' words, joined. */
  readonly text: string;
  readonly files: readonly string[];
}

/** Words that say nothing by themselves: whoever writes no others means what they refer to. */
const EMPTY_WORDS = new Set(
  "a about again ah all an and any anything are as ask asked at be bot can check comment could das dazu der die do does doch du eh ein er erkläre erklär es explain for from genuine give has have he hello help hey hi hier hm hmm how i ich in is ist it its just kannst know legit look make man mean means meint mich mir my no now oh ok okay on opinion or please plz real really richtig right sagst sagt saying says say scam see sense she should so stimmt stuff tell that the them there these they thing think this those thoughts to translate true uns und us view wahr was we what whats what's which who why wie with would write wrote yes you your bitte bedeutet denkst heißt heisst meinst".split(
    " ",
  ),
);
const SUMMARY =
  /\b(?:summar\w*|sum (?:it |this |that )?up|tl;?dr|in short|short version|zusammenfass\w*|fass\w*\b.*\bzusammen|kurzfassung)\b/iu;
const POINTING = /\b(?:this|that|it|these|those|he|she|they|above|das|dies\w*|es|er|sie|hier|oben)\b/iu;
const LONGEST_QUESTION = 400;

/** Whether the own words are about the material; undefined when they stand for themselves. */
export function aboutOf(
  own: string,
  material: readonly Material[],
  { readIntent, isQuestion }: { readonly readIntent: IntentReader; readonly isQuestion: boolean },
): About | undefined {
  const isBare = saysNothing(own) || SUMMARY.test(own);
  // What this assistant said is in the history already; only who says nothing else asks about it.
  const meant = material.filter(({ isSelf }) => isBare || !isSelf);
  if (meant.length === 0 || !(isBare || (isQuestion && POINTING.test(own)))) return undefined;
  const joined = joinedOf(meant);
  if (joined.text === "") return { ...joined, kind: "files" };
  if (SUMMARY.test(own)) return { ...joined, kind: "summary" };
  const { recognized } = readIntent(joined.text);
  return { ...joined, kind: isBare && recognized.label.startsWith("tool:") ? "order" : "question" };
}

function joinedOf(meant: readonly Material[]): Omit<About, "kind"> {
  const texts = meant.map((one) => one.text.trim()).filter((words) => words !== "");
  const speaker = meant.find((one) => one.speaker !== undefined)?.speaker;
  return {
    ...(speaker !== undefined && { speaker }),
    isSelf: meant.every(({ isSelf }) => isSelf),
    text: texts.join("\n"),
    files: meant.flatMap((one) => one.files),
  };
}

/** The question to look up: the own words, as far as they say something, and what they point at. */
export function questionAbout(own: string, { text }: About): string {
  return [saysNothing(own) ? "" : own, cutText(text, LONGEST_QUESTION)].filter((part) => part !== "").join("\n");
}

function saysNothing(own: string): boolean {
  const words = own.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
  return words.every((word) => EMPTY_WORDS.has(word.replaceAll("’", "'")));
}
