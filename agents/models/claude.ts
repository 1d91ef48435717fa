import { ChatAnthropic, type ChatAnthropicInput } from "@langchain/anthropic";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { streamAnswer, type AnswerPolicy } from "./answer-stream.ts";
import { readClaudeOptions, type ClaudeSettings } from "./claude-settings.ts";
import { fitThinking } from "./thinking.ts";
import { systemTiming } from "./timing.ts";
import { createTransport } from "./transport.ts";

/**
 * Claude as a LangChain chat model that is fit for a chat: bounded retries, a watch on silent connections, a
 * deadline, and named errors (`ModelError`) instead of half answers. `invoke` streams inside, so all of it holds
 * there too. Ask for structured output through `askStructured`: forced tool choice is refused by the 5.5 models.
 */
class Claude extends ChatAnthropic {
  readonly #policy: AnswerPolicy;

  constructor(fields: ChatAnthropicInput, policy: AnswerPolicy) {
    super(fields);
    this.#policy = policy;
  }

  override _streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    return streamAnswer(
      // oxlint-disable-next-line no-underscore-dangle -- LangChain's extension points are named so
      (signal) => super._streamResponseChunks(messages, { ...options, signal, maxRetries: 0 }, runManager),
      this.#policy,
      options.signal,
    );
  }

  /** LangChain's own bridge over the checked stream; the provider's shortcut would go around the checks. */
  override _streamChatModelEvents(
    ...[messages, options, runManager]: Parameters<ChatAnthropic["_streamChatModelEvents"]>
  ): ReturnType<ChatAnthropic["_streamChatModelEvents"]> {
    // oxlint-disable-next-line no-underscore-dangle -- LangChain's extension points are named so
    return BaseChatModel.prototype._streamChatModelEvents.call(this, messages, options, runManager);
  }
}

/** Creates the model. Nothing is sent yet. Throws `InvalidInputError` for wrong settings. */
export function createClaude(settings: ClaudeSettings): ChatAnthropic {
  const { apiKey, timing = systemTiming, random = Math.random, onAttemptFailed = () => undefined, ...rest } = settings;
  const options = readClaudeOptions(rest);
  const fitted = fitThinking(options);
  return new Claude(
    {
      model: options.model,
      maxTokens: options.maxTokens,
      streaming: true,
      // LangChain's type for `thinking` does not know `between_tools` yet.
      invocationKwargs: { thinking: fitted.thinking },
      ...(fitted.effort === undefined ? {} : { outputConfig: { effort: fitted.effort } }),
      maxRetries: 0,
      anthropicApiUrl: options.baseUrl,
      // The transport sets the true key; this one only stops the client from looking in the environment.
      apiKey: "set-by-the-transport",
      clientOptions: {
        authToken: null,
        logLevel: "off",
        fetch: createTransport({ apiKey, idleTimeoutMs: options.idleTimeoutMs, timing }),
      },
    },
    { retry: options.retry, deadlineMs: options.deadlineMs, timing, random, onAttemptFailed },
  );
}
