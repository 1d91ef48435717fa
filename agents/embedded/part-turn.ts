/** Makes and tells the parts of a message, each as if it had been said alone. */
import { formatMoney } from "../../core/delivery/money-text.ts";
import type { Dialogue } from "../../core/dialogue.ts";
import { languageOfLocale } from "../../core/language/index.ts";
import type { Money } from "../../core/money.ts";
import { clauseWordsOf } from "../dialogue/clause-words.ts";
import { holds } from "../dialogue/conditions.ts";
import type { CrewState, Desk, Draft, Part, Selection, WantedCall } from "../roles/contract.ts";
import { literal } from "../../core/markdown/index.ts";

/** Tagged calls that measure a condition are no part's own. */
const isMeasuring = (call: WantedCall, part: Part): boolean =>
  call.tool === part.when?.call.tool && call.input === part.when.call.input;

/** How one part is made or told, by itself. */
type ForPart<Result> = (state: CrewState, part: Part) => Result;

/** The next calls of all parts at once. */
export function selectParts(state: CrewState, parts: readonly Part[], select: ForPart<Selection>): Selection {
  const calls = parts.flatMap((part, index) =>
    wantedBy(state, part, index, select).map((call) => ({ ...call, part: index, asked: part.text })),
  );
  return calls.length === 0 ? { kind: "enough" } : { kind: "call", calls };
}

function wantedBy(state: CrewState, part: Part, index: number, select: ForPart<Selection>): readonly WantedCall[] {
  const { when } = part;
  if (when !== undefined && !state.made.some((call) => isMeasuring(call, part))) return [when.call];
  if (measured(state, part).isSo !== true) return [];
  const selection = select(stateOf(state, part, index), part);
  return selection.kind === "call" ? selection.calls : [];
}

/** Whether a part is to be done, and the figure that says so; undefined where that is not known. */
function measured({ made }: CrewState, part: Part): { readonly isSo: boolean | undefined; readonly figure?: Money } {
  const { when } = part;
  if (when === undefined) return { isSo: true };
  const outcome = made.find((call) => isMeasuring(call, part))?.outcome;
  const figure = outcome?.status === "done" ? outcome.result.figure : undefined;
  return figure === undefined ? { isSo: undefined } : { isSo: holds(when, figure), figure };
}

function stateOf(state: CrewState, part: Part, index: number): CrewState {
  const made = state.made.filter((call) => call.part === index && !isMeasuring(call, part));
  return { ...state, words: [part.text], intention: part.intention, made };
}

/** What all parts came to, in the order of the words; what is asked for stands last. */
export function respondToParts(
  state: CrewState,
  desk: Desk,
  { parts, respond }: { readonly parts: readonly Part[]; readonly respond: ForPart<Draft> },
): Draft {
  const told = parts.map((part, index) => tell(state, desk, { part, index, respond }));
  const asks = told.filter(({ act }) => act === "asks");
  const others = told.filter(({ act }) => act !== "asks");
  const drafts = [...others, ...asks].filter(({ text }) => text !== "");
  const dialogue = dialogueAfter(parts, asks);
  return { ...joinedDraft(drafts), ...(dialogue && { dialogue }) };
}

interface Telling {
  readonly part: Part;
  readonly index: number;
  readonly respond: ForPart<Draft>;
}

function tell(state: CrewState, desk: Desk, { part, index, respond }: Telling): Draft {
  const { when } = part;
  const { locale } = desk.input;
  const words = clauseWordsOf(languageOfLocale(locale));
  const { isSo, figure } = measured(state, part);
  const say = (sentence: string): string =>
    sentence
      .replace("{condition}", () => literal(when?.text ?? ""))
      .replace("{figure}", () => (figure === undefined ? "" : formatMoney(figure, locale)))
      .replace("{request}", () => literal(part.text));
  if (when !== undefined && isSo === undefined)
    return { text: say(words.unchecked), confidence: 0.8, act: "asks", missing: "confirmation" };
  if (isSo === false) return { text: when?.isOtherwise === true ? "" : say(words.fails), confidence: 0.9 };
  const draft = draftOf(stateOf(state, part, index), part, respond);
  const after = followingOf(part).map((next) => words.later.replace("{request}", () => literal(next)));
  const met = when === undefined || when.isOtherwise ? [] : [say(words.holds)];
  return { ...draft, text: [...met, draft.text, ...after].filter((text) => text !== "").join("\n\n") };
}

/** Of a request that waits nothing is said: it is shown by code. */
function draftOf(state: CrewState, part: Part, respond: ForPart<Draft>): Draft {
  const { made } = state;
  const isShown = made.length > 0 && made.every(({ outcome }) => outcome.status === "proposed");
  return isShown ? { text: "", confidence: 1 } : respond(state, part);
}

function followingOf({ intention: { steps = [] } }: Part): readonly string[] {
  const last = steps.at(-1);
  const frame = last?.kind === "call" ? last.frame : last?.dialogue[0];
  return frame?.followUp === undefined ? [] : [frame.followUp];
}

/** Where the requests stand: what is asked for is in front, so that the answer is heard. */
function dialogueAfter(parts: readonly Part[], asks: readonly Draft[]): Dialogue | undefined {
  const last = parts.findLast(({ intention }) => intention.steps !== undefined)?.intention.steps?.at(-1)?.dialogue;
  const open = asks.length === 0 ? undefined : last?.find(({ asked }) => asked !== undefined);
  return open === undefined || last === undefined ? last : [open, ...last.filter((frame) => frame !== open)];
}

/** The drafts below each other; their sources are numbered on. */
function joinedDraft(drafts: readonly Draft[]): Draft {
  return drafts.reduce<Draft>(
    (before, draft) => {
      const sources = before.sources ?? [];
      const numbered = draft.text.replaceAll(
        /\[(\d{1,2})\]/gu,
        (_, number: string) => `[${Number(number) + sources.length}]`,
      );
      return {
        ...before,
        ...draft,
        text: [before.text, numbered].filter((text) => text !== "").join("\n\n"),
        sources: [...sources, ...(draft.sources ?? [])],
        confidence: Math.min(before.confidence, draft.confidence),
      };
    },
    { text: "", confidence: 1 },
  );
}
