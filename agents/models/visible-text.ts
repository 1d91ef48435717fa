/** What of a streamed text a person may see: no thinking that a model writes as text, no marks of its template. */
import { z } from "zod";
import { ModelAnswerInvalidError } from "./model-errors.ts";

export interface VisibleText {
  /** What of this piece is shown now; what may be the beginning of a mark waits for the next one. */
  readonly add: (piece: string) => string;
  /** What still waits. */
  readonly finish: () => string;
}

const THINKING = String.raw`(?:think|thinking|thought|reasoning)`;
/** A word in backticks is talked about, not used. */
const MARK = new RegExp(
  String.raw`(?<!\x60)(?:<(?<closes>/?)${THINKING}>|<tool_calls?>|<function=|\[TOOL_CALLS\]|<[|｜](?<token>[^<>|｜\n]{1,40})[|｜]>)`,
  "u",
);
const CLOSING = new RegExp(String.raw`</${THINKING}>`, "u");
/** Long enough for the longest mark, of which only the beginning may be here. */
const BEGINNING = /(?:`|`?<[^\s<>]{0,42}|`?\[[A-Z_]{0,11})$/u;
const LONGEST_CLOSING = 14;

/** Throws `ModelAnswerInvalidError` where a call of a tool is written as text. `takeBack`: what was shown is thinking. */
export function createVisibleText(takeBack: () => void): VisibleText {
  const state = { waiting: "", isHidden: false, hasShown: false, hasLeftOut: false };
  const shown = (text: string): string => {
    const visible = state.hasLeftOut && !state.hasShown ? text.trimStart() : text;
    state.hasShown ||= visible.trim() !== "";
    return visible;
  };
  const hide = (): string => {
    const end = CLOSING.exec(state.waiting);
    state.isHidden = end === null;
    state.waiting =
      end === null ? state.waiting.slice(-LONGEST_CLOSING) : state.waiting.slice(end.index + end[0].length);
    return end === null ? "" : next();
  };
  const passed = ({ 0: mark, index, groups = {} }: RegExpExecArray): string => {
    const before = state.waiting.slice(0, index);
    state.waiting = state.waiting.slice(index + mark.length);
    if (groups["closes"] === "/") {
      if (state.hasShown) takeBack();
      state.hasShown = false;
      state.hasLeftOut = true;
      return next();
    }
    const isToken = groups["token"] !== undefined;
    if (!isToken && groups["closes"] === undefined) throw writtenCall();
    state.isHidden = !isToken;
    const start = shown(before);
    state.hasLeftOut = true;
    return start + next();
  };
  const next = (): string => {
    if (state.isHidden) return hide();
    const mark = MARK.exec(state.waiting);
    if (mark !== null) return passed(mark);
    const rest = BEGINNING.exec(state.waiting)?.index ?? state.waiting.length;
    const text = state.waiting.slice(0, rest);
    state.waiting = state.waiting.slice(rest);
    return shown(text);
  };
  return {
    add: (piece) => {
      state.waiting += piece;
      return next();
    },
    finish: () => (state.isHidden ? "" : shown(state.waiting)),
  };
}

const WrittenCall = z.strictObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** Whether a whole answer is a call of a tool as JSON. */
export function isWrittenCall(text: string): boolean {
  const json = /^\s*(?:```(?:json)?\s*)?(\{[^]*\})\s*(?:```)?\s*$/u.exec(text)?.[1];
  if (json === undefined) return false;
  try {
    const call = WrittenCall.safeParse(JSON.parse(json)).data;
    return (call?.arguments ?? call?.parameters) !== undefined;
  } catch {
    return false;
  }
}

export function writtenCall(): ModelAnswerInvalidError {
  return new ModelAnswerInvalidError("The model wrote a call of a tool as text. It was not run.");
}
