/** What is said about somebody else's words. */
import type { ToolResult } from "../../core/tool.ts";
import { cutText } from "../../core/text/cut.ts";
import type { Draft, Intention } from "../roles/contract.ts";
import type { About } from "./about.ts";
import { answerFromDocuments } from "./document-answer.ts";
import { literal } from "./markdown.ts";

const LONGEST_QUOTE = 200;
const SUMMARY_SENTENCES = 3;

/** The answer about somebody's words, from what the search gave, if there was one. */
export function aboutDraft(about: About, { request, confidence }: Intention, found: ToolResult | undefined): Draft {
  if (about.kind === "files") {
    const names = about.files.map(literal).join(", ");
    return {
      text: `You are pointing at a file (${names}), and I cannot read files. Could you tell me in words what you need?`,
      confidence: 0.9,
    };
  }
  if (about.kind === "summary") return { text: summaryOf(about), confidence: 0.7 };
  if (about.kind === "order") {
    return {
      text: `${introOf(about)}\n\nI do nothing on the strength of words that you quote or hand on. If you want something done, please tell me in your own words.`,
      confidence: 0.9,
    };
  }
  const answer = found === undefined ? undefined : answerFromDocuments(found, { text: request, confidence });
  if (answer !== undefined) return { ...answer, text: `${introOf(about)}\n\n${answer.text}` };
  return {
    text: `${introOf(about)}\n\nI found nothing about that in my documents, and I do not want to guess.`,
    confidence: 0.3,
  };
}

function introOf(about: About): string {
  return `${speakerOf(about)}: “${literal(cutText(about.text.replaceAll(/\s+/gu, " "), LONGEST_QUOTE, "…"))}”`;
}

function summaryOf(about: About): string {
  const sentences = Array.from(
    new Intl.Segmenter("und", { granularity: "sentence" }).segment(about.text.replaceAll(/\s+/gu, " ")),
    ({ segment }) => segment.trim(),
  );
  const shown = sentences.slice(0, SUMMARY_SENTENCES).join(" ");
  const left = sentences.length - SUMMARY_SENTENCES;
  const rest = left > 0 ? ` (${left} more ${left === 1 ? "sentence" : "sentences"})` : "";
  return `${speakerOf(about)}, in short: ${literal(shown)}${rest}`;
}

function speakerOf({ speaker, isSelf }: About): string {
  if (isSelf) return "What I wrote";
  return speaker === undefined ? "The words that you refer to" : `What ${literal(cutText(speaker, 64, "…"))} wrote`;
}
