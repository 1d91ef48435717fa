/** A language model that is asked once, and answers from a file ever after. */
import { relative } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk } from "@langchain/core/messages";
import { InvalidInputError, ParleyError } from "../../core/errors.ts";
import { testIds } from "../../core/testing/test-environment.ts";
import { loadNamedModel, namedModel } from "../models/providers.ts";
import { readAnswer } from "../models/read-answer.ts";
import { systemTiming } from "../models/timing.ts";
import { tellsUsage, usageOf } from "../models/usage.ts";
import { AnsweringModel, type Asked } from "./answering-model.ts";
import { lineDifference } from "./line-difference.ts";
import { ModelRequest, requestInShort, requestLines } from "./model-request.ts";
import {
  type Answered,
  type Exchange,
  exchangeWithoutSecrets,
  readRecording,
  RECORD_ANEW,
  withoutSecrets,
  writeRecording,
} from "./recording.ts";
import { playStep } from "./script-step.ts";

/** A model by its name, such as `ollama:qwen3`, or what makes one; asked for only where something is recorded. */
export type ModelToRecord = string | (() => BaseChatModel | Promise<BaseChatModel>);

/** A chat model of LangChain that answers from a recording, or makes it. */
export interface RecordedModel extends AnsweringModel {
  readonly isRecording: boolean;
  /** Throws where a request had no recorded answer, or an answer is left over. */
  readonly done: () => void;
}

/**
 * A model that is asked where its file does not exist yet (never where `CI` is set) or `PARLEY_RECORD` is; each answer is
 * written down. Otherwise each request is answered as it was then. One that was never made throws
 * `testing/changed-request` with what differs: the bot of `startBot` fails the test with it. One file for each test.
 */
export function recordedModel(
  file: string,
  model: ModelToRecord,
  environment: NodeJS.ProcessEnv = process.env,
): RecordedModel {
  const isSet = (name: string): boolean => !["", "0", "false"].includes(environment[name] ?? "");
  const known = isSet("PARLEY_RECORD") ? undefined : readRecording(file);
  const isRecording = known === undefined && (isSet("PARLEY_RECORD") || !isSet("CI"));
  const name = (typeof model === "string" ? namedModel(model)?.id : undefined) ?? "recorded";
  if (isRecording) {
    const answering = new AnsweringModel(name, createRecorder({ file, model, environment }));
    return Object.assign(answering, { isRecording, done: () => undefined });
  }
  const { answer, done } = createReplay(file, known, environment);
  return Object.assign(new AnsweringModel(name, answer), { isRecording, done });
}

interface Recording {
  readonly file: string;
  readonly model: ModelToRecord;
  readonly environment: NodeJS.ProcessEnv;
}

/** Asks the model and writes down each whole answer; one that fails is no answer. */
function createRecorder({ file, model, environment }: Recording) {
  const exchanges: Exchange[] = [];
  const newCallId = testIds("call");
  let made: Promise<BaseChatModel> | undefined;
  return async function* answer({ request, messages, options }: Asked): AsyncGenerator<AIMessageChunk> {
    made ??= make(model);
    const { signal, tools } = options;
    const pieces: AIMessageChunk[] = [];
    for await (const piece of await bound(await made, tools).stream([...messages], { ...(signal && { signal }) })) {
      pieces.push(piece);
      // Whoever watches whether it gets on sees that it does.
      yield new AIMessageChunk({ content: "" });
    }
    const answered = await answeredBy(pieces);
    exchanges.push(exchangeWithoutSecrets({ asked: request, answered }, environment));
    writeRecording(file, exchanges);
    // The test sees what it will see ever after.
    yield* playStep(exchanges.at(-1)?.answered ?? answered, { request, signal, newCallId });
  };
}

async function make(model: ModelToRecord): Promise<BaseChatModel> {
  if (typeof model !== "string") return await model();
  const named = namedModel(model);
  if (named !== undefined) return await loadNamedModel(named);
  throw new InvalidInputError(
    "crew/model",
    `"${model}" names no model. Write its provider and its name: ollama:qwen3.`,
  );
}

function bound(model: BaseChatModel, tools: Asked["options"]["tools"] = []): Pick<BaseChatModel, "stream"> {
  if (tools.length === 0) return model;
  if (model.bindTools !== undefined) return model.bindTools(tools);
  throw new InvalidInputError("crew/model", `The model ${model.getName()} cannot call tools. Record one that can.`);
}

const IDLE_MS = 1_000;
const NOTHING_TOLD = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const stops = { end: undefined, cut: "max_tokens", paused: "pause_turn" } as const;

async function answeredBy(pieces: readonly AIMessageChunk[]): Promise<Answered> {
  async function* all(): AsyncGenerator<AIMessageChunk> {
    yield* pieces;
  }
  let text = "";
  const { message, stop } = await readAnswer(async () => all(), {
    tellsStop: false,
    idleTimeoutMs: IDLE_MS,
    timing: systemTiming,
    onReceived: () => undefined,
    onText: (piece) => (text += piece),
    onTakenBack: () => (text = ""),
  });
  const used = usageOf(message, [], { model: "", priceOf: () => undefined });
  // What was not told is recorded as such: an estimate is made anew of what is asked then.
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = tellsUsage(message) ? used : NOTHING_TOLD;
  const calls = (message.tool_calls ?? []).map(({ name, args }) => ({ tool: name, input: args }));
  const why = stops[stop];
  return {
    ...(text !== "" && { text }),
    ...(calls.length > 0 && { calls }),
    ...(why !== undefined && { stop: why }),
    usage: {
      input: inputTokens + cacheReadTokens + cacheWriteTokens,
      output: outputTokens,
      cacheRead: cacheReadTokens,
      cacheWrite: cacheWriteTokens,
    },
  };
}

/** Answers from the file. Requests made at once may come in another order. */
function createReplay(file: string, known: readonly Exchange[] | undefined, environment: NodeJS.ProcessEnv) {
  const left = new Map<string, readonly Exchange[]>();
  for (const exchange of known ?? []) {
    const key = requestLines(exchange.asked).join("\n");
    left.set(key, [...(left.get(key) ?? []), exchange]);
  }
  const newCallId = testIds("call");
  const where = relative(process.cwd(), file);
  let asked = 0;
  let failure: ParleyError | undefined;

  async function* answer({ request, options }: Asked): AsyncGenerator<AIMessageChunk> {
    asked += 1;
    const now = withoutSecrets(ModelRequest, request, environment);
    const key = requestLines(now).join("\n");
    const [exchange, ...others] = left.get(key) ?? [];
    if (exchange === undefined) {
      failure ??= known === undefined ? noRecording(where) : changedRequest(now, { where, asked, next: nextOf(left) });
      throw failure;
    }
    left.set(key, others);
    yield* playStep(exchange.answered, { request, signal: options.signal, newCallId });
  }

  const done = (): void => {
    if (failure !== undefined) throw failure;
    const unused = [...left.values()].flat();
    if (unused.length === 0) return;
    const requests = unused.map((exchange) => `\n  ${requestInShort(exchange.asked)}`).join("");
    throw new ParleyError(
      "testing/unused-answers",
      `The recording ${where} has ${unused.length} answers that nobody asked for:${requests}\n${RECORD_ANEW}.`,
    );
  };
  return { answer, done };
}

const nextOf = (left: ReadonlyMap<string, readonly Exchange[]>): Exchange | undefined => [...left.values()].flat()[0];

function noRecording(where: string): ParleyError {
  return new ParleyError(
    "testing/no-recording",
    `There is no recording ${where}, and none is made where CI is set. Run the test once without it and commit the file.`,
  );
}

function changedRequest(
  now: ModelRequest,
  { where, asked, next }: { readonly where: string; readonly asked: number; readonly next: Exchange | undefined },
): ParleyError {
  const what =
    next === undefined
      ? `all its answers are used up.\n  ${requestInShort(now)}`
      : `it differs from the next one (-) in this (+):\n${lineDifference(requestLines(next.asked), requestLines(now)).join("\n")}`;
  return new ParleyError(
    "testing/changed-request",
    `The recording ${where} has no answer to request ${asked}: ${what}\n${RECORD_ANEW}, and look at what changed in it.`,
  );
}
