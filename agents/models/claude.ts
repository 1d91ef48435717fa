import { ChatAnthropic } from "@langchain/anthropic";
import type { CrewModel } from "./ask-model.ts";
import { readClaudeOptions, type ClaudeSettings } from "./claude-settings.ts";
import { costInMicroDollars } from "./pricing.ts";
import { fitThinking } from "./thinking.ts";
import { systemTiming } from "./timing.ts";
import { createTransport } from "./transport.ts";

/**
 * Claude as a model of a crew; nothing is sent yet. Retries, the watch on silence and the deadline are those of
 * `askModel`, as for every model; LangChain's own are off. Throws `InvalidInputError` for wrong settings.
 */
export function createClaude(settings: ClaudeSettings): CrewModel {
  const { apiKey, timing = systemTiming, random = Math.random, onAttemptFailed = () => undefined, ...rest } = settings;
  const options = readClaudeOptions(rest);
  const { deadlineMs, idleTimeoutMs, retry } = options;
  const fitted = fitThinking(options);
  const model = new ChatAnthropic({
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
      fetch: createTransport({ apiKey }),
    },
  });
  return {
    name: options.model,
    model,
    marksCache: true,
    tellsStop: true,
    policy: { retry, deadlineMs, idleTimeoutMs, timing, random, onAttemptFailed },
    priceOf: costInMicroDollars,
  };
}
