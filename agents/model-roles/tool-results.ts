/** Outcomes of tool calls as data for a model. */
import { ToolMessage, type BaseMessage, AIMessage } from "@langchain/core/messages";
import type { ToolOutcome } from "../../core/tool.ts";
import type { Brevity } from "../models/ask-model.ts";
import type { CrewState, Fact, MadeCall } from "../roles/contract.ts";
import { safeJson } from "./envelope.ts";
import { numberOf, numberSources, type NumberedSource } from "./evidence.ts";
import type { PromptMask } from "./prompt-mask.ts";
import { cutText } from "../../core/text/cut.ts";

/** Longer results are cut: a model gains nothing from them, and the window is shared. */
const LONGEST_RESULT = [24_000, 6_000, 1_500] as const;

/** How much is told, and what of it is not shown. */
interface Telling {
  readonly brevity: Brevity;
  readonly mask: Pick<PromptMask, "hide">;
}

/** All results of the turn as one block, for the role that writes the answer. */
export function toolResultsBlock(
  made: readonly MadeCall[],
  { brevity, mask, memory = [] }: Telling & { readonly memory?: readonly Fact[] },
): string {
  const numbered = numberSources(made);
  const results = made.map(({ tool, input, outcome }) => ({ tool, input, ...dataOf(outcome, numbered) }));
  const ofMemory = memory.map(({ key, value }) => ({ [value === "" ? "forgotten" : "remembered"]: key }));
  return `<tool_results>${cut(safeJson([...ofMemory, ...results], mask), brevity)}</tool_results>`;
}

/** What others gave before this selector's own messages begin. */
export function earlierResults(
  { transcript, made }: Pick<CrewState, "transcript" | "made">,
  telling: Telling,
): readonly string[] {
  const own = new Set(
    transcript.flatMap((message) =>
      AIMessage.isInstance(message) ? (message.tool_calls ?? []).map(({ id }) => id) : [],
    ),
  );
  const earlier = made.filter(({ reference }) => !own.has(reference));
  return earlier.length === 0 ? [] : [toolResultsBlock(earlier, telling)];
}

/** The selector's own messages of this turn, each followed by what became of its calls. */
export function toolConversation(
  { transcript, made }: Pick<CrewState, "transcript" | "made">,
  { brevity, mask }: Telling,
): readonly BaseMessage[] {
  const answered = new Set(transcript.flatMap((one) => (ToolMessage.isInstance(one) ? [one.tool_call_id] : [])));
  const numbered = numberSources(made);
  return transcript.flatMap((message) => {
    if (!AIMessage.isInstance(message)) return [message];
    const open = (message.tool_calls ?? []).filter(({ id = "" }) => !answered.has(id));
    const results = open.map(({ id = "", name }) => {
      const outcome = made.find(({ reference }) => reference === id)?.outcome;
      const data = outcome === undefined ? { status: "skipped" } : dataOf(outcome, numbered);
      return new ToolMessage({ tool_call_id: id, name, content: cut(safeJson(data, mask), brevity) });
    });
    return [message, ...results];
  });
}

function dataOf(outcome: ToolOutcome, numbered: readonly NumberedSource[]): object {
  switch (outcome.status) {
    case "done": {
      const { value, sources = [], cards } = outcome.result;
      const cited = sources.map((source) => ({
        number: numberOf(source, numbered),
        title: source.title,
        quote: source.quote,
      }));
      return {
        status: "done",
        value,
        ...(cited.length > 0 && { sources: cited }),
        ...(cards !== undefined && { cards: cards.map(({ data: _data, ...shown }) => shown) }),
      };
    }
    case "proposed":
      return { status: "proposed" };
    case "refused":
    case "failed":
      return { status: outcome.status, code: outcome.code, message: outcome.message };
  }
}

function cut(text: string, brevity: Brevity): string {
  return cutText(text, LONGEST_RESULT[brevity], "… (cut)");
}
