/** What is said about somebody else's words. */
import type { ToolResult } from "../../core/tool.ts";
import { cutText } from "../../core/text/cut.ts";
import type { Desk, Draft, Intention } from "../roles/contract.ts";
import type { About } from "./about.ts";
import { answerFromDocuments } from "./document-answer.ts";
import { literal } from "../../core/markdown/index.ts";
import { say } from "./say.ts";

const LONGEST_QUOTE = 200;
const SUMMARY_SENTENCES = 3;

/** The answer about somebody's words, from what the search gave, if there was one. */
export function aboutDraft(about: About, intention: Intention, found: ToolResult | undefined, desk: Desk): Draft {
  const { input } = desk;
  if (about.kind === "files") {
    const files = about.files.map(literal).join(", ");
    return { act: "cannot", text: say("quoted_file", input, { files }), confidence: 0.9 };
  }
  if (about.kind === "summary") return { text: summaryOf(about, desk), confidence: 0.7 };
  const intro = introOf(about, desk);
  if (about.kind === "order")
    return { act: "cannot", text: `${intro}\n\n${say("quoted_order", input)}`, confidence: 0.9 };
  const answer = found === undefined ? undefined : answerFromDocuments(found, intention, desk);
  if (answer !== undefined) return { ...answer, text: `${intro}\n\n${answer.text}` };
  return { text: `${intro}\n\n${say("quoted_unknown", input)}`, confidence: 0.3, act: "does-not-know" };
}

function introOf(about: About, desk: Desk): string {
  return `${speakerOf(about, desk)}: “${literal(cutText(about.text.replaceAll(/\s+/gu, " "), LONGEST_QUOTE, "…"))}”`;
}

function summaryOf(about: About, desk: Desk): string {
  const sentences = Array.from(
    new Intl.Segmenter("und", { granularity: "sentence" }).segment(about.text.replaceAll(/\s+/gu, " ")),
    ({ segment }) => segment.trim(),
  );
  const text = literal(sentences.slice(0, SUMMARY_SENTENCES).join(" "));
  const left = sentences.length - SUMMARY_SENTENCES;
  const rest = left > 0 ? ` ${say("more_sentences", desk.input, { count: String(left) })}` : "";
  return `${say("in_short", desk.input, { speaker: speakerOf(about, desk), text })}${rest}`;
}

function speakerOf({ speaker, isSelf }: About, { input }: Desk): string {
  if (isSelf) return say("my_words", input);
  if (speaker === undefined) return say("their_words", input);
  return say("words_of", input, { speaker: literal(cutText(speaker, 64, "…")) });
}
