/** What a message wants and which tools that needs, in one question to a model. */
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { ownWords } from "../../core/language/segments.ts";
import { asksToForget, asksToRemember, tellsOfOneself } from "../../core/language/memory-words.ts";
import { ModelRequestError } from "../models/model-errors.ts";
import type { CrewModel, WholeAnswer } from "../models/ask-model.ts";
import { readerPrompt } from "../prompts/reader.ts";
import { singleAgentPrompt } from "../prompts/response-generator.ts";
import type { CrewState, Desk, Intention, Selection } from "../roles/contract.ts";
import { requestOf } from "../roles/contract.ts";
import { tellApart } from "./call-ids.ts";
import { describedTool } from "./described-tool.ts";
import { briefed, historyMessages, requestMessage, systemMessage } from "./envelope.ts";
import { callModel } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { handedTo, isOwnCall, memoryOutcomes, ownCallsWith, ownResults, type MemoryOutcome } from "./own-calls.ts";
import { checkedText, draftOf, isAllProposed, NOTHING_TO_SAY } from "./respond.ts";
import { earlierResults, toolConversation } from "./tool-results.ts";

interface Read {
  readonly selection: Selection;
  readonly memory: readonly MemoryOutcome[];
  /** The specialists that it is handed to. */
  readonly specialists: readonly string[];
}

/** The first look at a message: its intention with the first calls. */
export async function analyzeWithModel(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Intention> {
  const { selection, memory, specialists }: Read = isBare(state, desk, options)
    ? { selection: { kind: "enough" }, memory: [], specialists: [] }
    : await read(state, desk, options);
  const calls = selection.kind === "call" ? selection.calls : [];
  const isAsked = calls.length > 0;
  return {
    intent: calls[0]?.tool ?? (memory.length > 0 ? "memory" : "conversation"),
    route: isAsked ? "tool" : memory.length > 0 ? "memory" : "talk",
    confidence: isAsked ? 0.95 : 0.85,
    request: requestOf(state),
    needsTools: isAsked || specialists.length > 0,
    personal: isPersonal(desk),
    remember: memory.filter(({ isDone }) => isDone).map(({ key, value }) => ({ key, value })),
    selection,
    ...(specialists.length > 0 && { specialists }),
  };
}

/** Further calls, once results are there. */
export async function selectWithModel(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Selection> {
  return (await read(state, desk, options)).selection;
}

/** Nothing that could be called: the answer is written at once. */
function isBare({ words }: CrewState, { turn }: Desk, { single }: ModelRolesOptions): boolean {
  const isOfMemory = (text: string): boolean => asksToRemember(text) || tellsOfOneself(text) || asksToForget(text);
  return !single && turn.tools.tools.length === 0 && !words.map(ownWords).some(isOfMemory);
}

async function read(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Read> {
  const { models, breaker, single } = options;
  const { input, turn, mask } = desk;
  const model = single ? models.answers : models.fast;
  const prompt = single ? singleAgentPrompt(input, turn.tools.tools) : briefed(readerPrompt(input), desk);
  // The requests that wait are shown by code: a model has nothing to say about them.
  const isSilent = isAllProposed(state);
  const gate = single && !isSilent ? checkedText(state, desk) : undefined;
  const answer = await callModel(
    { desk, breaker, role: single ? "single-agent" : "reader", model },
    {
      bound: withTools(model, desk),
      messages: (brevity) => [
        systemMessage(prompt, model),
        ...historyMessages(input.history, { model, brevity, mask }),
        requestMessage(state, desk, { brevity, extra: earlierResults(state, { brevity, mask }) }),
        ...toolConversation(state, { brevity, mask }),
      ],
      ...(gate && { show: gate.show }),
    },
  );
  tellApart(answer, state);
  // The transcript keeps the tokens, for it goes back to the model; all else works with the values.
  const calls = answer.calls.map((call) => ({ ...call, args: mask.revealIn(call.args) }));
  const memory = memoryOutcomes(calls, state, input);
  const specialists = handedTo(calls);
  const selection = selectionOf({ ...answer, calls }, memory, single);
  if (selection !== undefined) {
    // What it said before the calls is no answer.
    gate?.show.takeBack();
    return { selection, memory, specialists };
  }
  if (single && isSilent) return { selection: { kind: "answer", draft: NOTHING_TO_SAY }, memory, specialists };
  if (gate === undefined) return { selection: { kind: "enough" }, memory, specialists };
  return { selection: { kind: "answer", draft: draftOf(gate.finish(), state, desk) }, memory, specialists };
}

/** The calls that an answer asks for; undefined when it asks for none. */
function selectionOf(
  { calls, transcript }: WholeAnswer,
  memory: readonly MemoryOutcome[],
  isSingle: boolean,
): Selection | undefined {
  if (calls.length === 0) return undefined;
  const wanted = calls
    .filter((call) => !isOwnCall(call))
    .map(({ name, args, id }) => ({ tool: name, input: args, ...(id !== undefined && { reference: id }) }));
  const goesOn = calls.some(({ name }) => name === "continue_after_results") || handedTo(calls).length > 0;
  return {
    kind: "call",
    calls: wanted,
    transcript: [...transcript, ...ownResults(calls, memory)],
    isLast: !goesOn && !isSingle,
  };
}

/** The model with the turn's tools and the crew's own calls, always in the same order so that prompts can be cached. */
function withTools(
  { model, name, marksCache }: CrewModel,
  { turn: { tools }, specialists }: Desk,
): Runnable<BaseMessage[], AIMessageChunk> {
  if (model.bindTools === undefined) {
    throw new ModelRequestError(`The chat model ${name} cannot call tools. Configure one that can.`);
  }
  const described = [
    ...tools.tools.map((tool) => ({ ...tool, description: describedTool(tool) })),
    ...ownCallsWith(specialists),
  ];
  if (!marksCache) {
    return model.bindTools(
      described.map(({ name: tool, description, inputSchema }) => ({
        type: "function",
        function: { name: tool, description, parameters: inputSchema },
      })),
    );
  }
  return model.bindTools(
    described.map(({ name: tool, description, inputSchema }, index) => ({
      name: tool,
      description,
      input_schema: inputSchema,
      ...(index === described.length - 1 && { cache_control: { type: "ephemeral" } }),
    })),
  );
}

/** What a prompt holds may colour the answer, so an answer to such a prompt is for this person alone. */
function isPersonal({ input }: Desk): boolean {
  return (
    input.history.length > 0 ||
    input.memory.length > 0 ||
    input.userName !== undefined ||
    input.attachments.length > 0 ||
    input.referred.length > 0
  );
}
