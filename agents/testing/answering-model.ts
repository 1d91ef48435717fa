import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { textOf } from "../models/message-content.ts";
import { type ModelRequest, readRequest } from "./model-request.ts";

/** What a request holds; tools come with `bindTools`. */
export interface AnsweringOptions extends BaseChatModelCallOptions {
  readonly tools?: BindToolsInput[];
}

/** A request as it is read, and as LangChain handed it over. */
export interface Asked {
  readonly request: ModelRequest;
  readonly messages: readonly BaseMessage[];
  readonly options: AnsweringOptions;
}

export type Answer = (asked: Asked) => AsyncIterable<AIMessageChunk>;

/** A chat model of LangChain whose answers come from a function. LangChain extends by inheritance. */
export class AnsweringModel extends BaseChatModel<AnsweringOptions> {
  /** As traces and bills name it. */
  readonly model: string;
  readonly #answer: Answer;

  constructor(model: string, answer: Answer) {
    super({});
    this.model = model;
    this.#answer = answer;
  }

  override _llmType(): string {
    return "testing";
  }

  override bindTools(
    tools: BindToolsInput[],
    options?: Partial<AnsweringOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, AnsweringOptions> {
    return this.withConfig({ ...options, tools });
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this.#chunks(messages, options, runManager))
      whole = whole === undefined ? chunk : whole.concat(chunk);
    return { generations: whole === undefined ? [] : [whole] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    yield* this.#chunks(messages, options, runManager);
  }

  async *#chunks(
    messages: BaseMessage[],
    options: AnsweringOptions,
    runManager: CallbackManagerForLLMRun | undefined,
  ): AsyncGenerator<ChatGenerationChunk> {
    const request = readRequest(messages, options.tools ?? []);
    for await (const message of this.#answer({ request, messages, options })) {
      const text = textOf(message);
      yield new ChatGenerationChunk({ text, message });
      await runManager?.handleLLMNewToken(text);
    }
  }
}
