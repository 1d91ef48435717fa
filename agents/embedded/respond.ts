/** Composes the answer from what the tools gave; only dialogue acts have words of their own. */
import { languageOf, languageOfLocale } from "../../core/language/index.ts";
import { cutText } from "../../core/text/cut.ts";
import type { ToolResult } from "../../core/tool.ts";
import type { CrewState, Desk, Draft, Intention, MadeCall } from "../roles/contract.ts";
import { aboutDraft } from "./about-answer.ts";
import type { Answers } from "./answers.ts";
import { dialogueDraft } from "./dialogue.ts";
import { answerFromDocuments, contactDraft, contactsIn, nothingFound, sentence } from "./document-answer.ts";
import { literal } from "../../core/markdown/index.ts";
import { memoryDraft } from "./memory-answer.ts";
import { foreignDraft } from "./out-of-scope.ts";
import type { Reading } from "./reading.ts";
import { say } from "./say.ts";
import { findTool, isSearch } from "./tool-input.ts";
import { answerFromTool, answerFromFailure } from "./tool-answer.ts";

/** As much of a file is repeated, so that it can be seen which one was read. */
const LONGEST_EXCERPT = 160;

/** The answer of the turn, from its one tool call or from none. */
export function respondEmbedded(state: CrewState, desk: Desk): Draft {
  return withFileNotes(answerTo(state, desk), desk);
}

/** The answer, and what was read of the files that came with the message. */
export function withFileNotes(draft: Draft, desk: Desk): Draft {
  const notes = fileNotes(desk);
  return notes === "" ? draft : { ...draft, text: `${draft.text}\n\n${notes}` };
}

function answerTo(state: CrewState, desk: Desk): Draft {
  const { intention, made } = state;
  const call = made.at(-1);
  const found = call?.outcome.status === "done" ? call.outcome.result : undefined;
  if (intention?.reading?.about !== undefined) return aboutDraft(intention.reading.about, intention, found, desk);
  if (!/[\p{L}\p{N}]/u.test(desk.input.text)) return withoutWords(desk);
  const said = intention?.configured?.answer;
  if (said !== undefined) return answered(said, found, state, desk);
  return call === undefined ? withoutTool(state, desk) : fromCall(call, state, desk);
}

function withoutWords({ input }: Desk): Draft {
  const what = input.attachments.length > 0 || input.text.trim() === "" ? "wordless" : "no_words";
  return { text: say(what, input), confidence: 0.9, act: "asks", missing: "anything" };
}

/** What the configuration or a tool pack answers, and what documents say beside it: numbers to call first. */
function answered(answer: Answers, found: ToolResult | undefined, { intention, words }: CrewState, desk: Desk): Draft {
  const text = answerIn(answer, [intention?.language, languageOf(words.at(-1) ?? "")], desk);
  if (found === undefined) return { text, confidence: 0.95 };
  const { sources = [] } = found;
  const [contact] = contactsIn(found);
  const shown = [...new Set([contact, ...sources].filter((source) => source !== undefined))].slice(0, MOST_BESIDE);
  const lines = shown.map((source, index) => sentence(source, index + 1));
  return { text: [text, ...lines].join("\n\n"), sources: shown, confidence: 0.95 };
}

const MOST_BESIDE = 3;

/** In the language of the words, else in the bot's. */
function answerIn(answer: Answers, languages: readonly (string | undefined)[], desk: Desk): string {
  if (typeof answer === "string") return answer;
  const { locale } = desk.input.bot;
  const tags = [...languages, languageOfLocale(desk.input.locale), locale, languageOfLocale(locale), "default"];
  const known = tags.filter((tag) => tag !== undefined);
  return known.map((tag) => answer[tag]).find((one) => one !== undefined) ?? Object.values(answer)[0] ?? "";
}

function fileNotes({ input }: Desk): string {
  return input.attachments
    .map(({ name, kind, text }) => {
      const file = literal(cutText(name ?? kind, 64, "…"));
      if (text === undefined) return say("unreadable_file", input, { file });
      if (text.trim() === "") return say("empty_file", input, { file });
      const excerpt = literal(cutText(text.replaceAll(/\s+/gu, " ").trim(), LONGEST_EXCERPT, "…"));
      return say("read_file", input, { file, excerpt });
    })
    .join("\n\n");
}

function fromCall(call: MadeCall, { intention }: CrewState, desk: Desk): Draft {
  const { outcome, tool } = call;
  const reading = intention?.reading;
  if (intention === null || reading === undefined || outcome.status === "proposed") return foreignDraft(reading, desk);
  if (outcome.status !== "done") return answerFromFailure(outcome, desk);
  const called = findTool(tool, desk);
  if (called !== undefined && isSearch(called)) return fromSearch(outcome.result, { intention, reading, desk });
  return answerFromTool(outcome.result);
}

interface Searched {
  readonly intention: Intention;
  readonly reading: Reading;
  readonly desk: Desk;
}

function fromSearch(result: ToolResult, { intention, reading, desk }: Searched): Draft {
  const { route } = reading.understood;
  if (route === "hand-over") {
    const { language } = intention;
    return (
      contactDraft(result, desk, language) ?? dialogueDraft("hand_over", desk, language) ?? nothingFound(reading, desk)
    );
  }
  const answer = answerFromDocuments(result, intention, desk);
  if (answer !== undefined) return answer;
  return route === "foreign" || route === "tool" ? foreignDraft(reading, desk) : nothingFound(reading, desk);
}

function withoutTool({ intention, words }: CrewState, desk: Desk): Draft {
  const reading = intention?.reading;
  if (reading === undefined) return foreignDraft(undefined, desk);
  const { route, recognized } = reading.understood;
  if (route === "memory") return memoryDraft(words.at(-1) ?? "", recognized.label, desk);
  return dialogueDraft(recognized.label, desk, intention?.language) ?? foreignDraft(reading, desk);
}
