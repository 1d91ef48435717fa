/** What a model wrote, checked sentence by sentence before anybody reads it. */
import { isFalseClaim } from "./claims.ts";
import { isProgram, withoutCode } from "./code.ts";
import { handsOutCode } from "./codes.ts";
import type { Evidence } from "./evidence.ts";
import { knownFigures, unknownFigures } from "./figures.ts";
import { withoutForeignLinks } from "../../core/markdown/index.ts";
import { hasUnknownNumber } from "./numbers-of-people.ts";
import { sentencesOf } from "./sentences.ts";

/** What is not seen, turns text around, or hides words and addresses from the checks; joiners of emoji and scripts stay. */
const UNSEEN = /[\u00AD\u200B\u2060-\u2064\u202A-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

export type Fault = "figure" | "claim" | "code";

/** An answer that grows piece by piece. */
export interface AnswerCheck {
  /** Takes the next piece; gives what may be shown by now. */
  readonly add: (piece: string) => string;
  /** The whole checked answer. `rest` is what had not been shown yet. */
  readonly finish: () => { readonly text: string; readonly rest: string };
  /** Starts over: what came so far is no answer. */
  readonly reset: () => void;
  /** How many sentences were dropped, by what was wrong, and how many links were taken apart. */
  readonly faults: () => Readonly<Record<Fault | "link", number>>;
}

/** A question so far back is still answered by the next sentence. */
const LOOKED_BACK = 300;
/** What a model writes beyond this is not read, and not shown. */
const LONGEST_ANSWER = 20_000;

/** Begins to check an answer against what is known. A sentence that fails is left out; foreign links lose their targets. */
export function checkAnswer(evidence: Evidence): AnswerCheck {
  const known = knownFigures(evidence);
  let room = LONGEST_ANSWER;
  let pending = "";
  let judged = "";
  let before = "";
  let passed = "";
  let faults = { figure: 0, claim: 0, code: 0, link: 0 };

  const judge = (sentence: string): string => {
    const prose = withoutCode(judged + sentence, isProgram).slice(judged.length);
    const fault = faultOf({ sentence, prose, before }, evidence, known);
    judged = openPart(judged + sentence);
    before = (before + sentence).slice(-LOOKED_BACK);
    if (fault !== undefined) {
      faults[fault] += 1;
      return sentence.endsWith("\n") ? "\n" : "";
    }
    const { text, foreign } = withoutForeignLinks(sentence, evidence.hosts);
    faults.link += foreign;
    return foreign === 0
      ? sentence
      : text + (/\s+$/u.exec(sentence)?.[0] ?? "").slice(/\s*$/u.exec(text)?.[0].length ?? 0);
  };

  return {
    add: (piece) => {
      const taken = piece.slice(0, room);
      room -= taken.length;
      if (taken === "") return "";
      pending += taken.replaceAll(UNSEEN, "");
      const sentences = sentencesOf(pending);
      // The last one may go on.
      pending = sentences.at(-1) ?? "";
      const shown = sentences.slice(0, -1).map(judge).join("");
      passed += shown;
      return shown;
    },
    finish: () => {
      const rest = pending === "" ? "" : sentencesOf(pending).map(judge).join("");
      pending = "";
      // A link may have been written over several sentences.
      const whole = withoutForeignLinks(passed + rest, evidence.hosts);
      faults.link += whole.foreign;
      passed = whole.text;
      return { text: passed.replaceAll(/\n{3,}/gu, "\n\n").trim(), rest };
    },
    reset: () => {
      room = LONGEST_ANSWER;
      pending = "";
      judged = "";
      before = "";
      passed = "";
      faults = { figure: 0, claim: 0, code: 0, link: 0 };
    },
    faults: () => faults,
  };
}

/** What may still reach into the next sentence: all from the first fence of code on, else the line that goes on. */
function openPart(text: string): string {
  const fence = text.search(/```|~~~/u);
  return text.slice(text.lastIndexOf("\n", fence < 0 ? text.length : fence) + 1);
}

/** `prose` is the sentence without program text, in which figures and words say nothing to the person. */
function faultOf(
  { sentence, prose, before }: { readonly sentence: string; readonly prose: string; readonly before: string },
  evidence: Evidence,
  known: ReadonlySet<number>,
): Fault | undefined {
  if (handsOutCode(sentence, evidence.said)) return "code";
  if (isFalseClaim(prose, evidence, before)) return "claim";
  return unknownFigures(prose, known).length > 0 || hasUnknownNumber(prose, evidence) ? "figure" : undefined;
}
