import { RefusedRequest, refuse } from "./api-error.ts";
import { rulesOf, type ModelRules } from "./model-rules.ts";
import type { CountTokensRequest, MessagesRequest, RequestMessage } from "./request-schema.ts";
import { validateStructuredSchema } from "./structured-schema.ts";
import { countInputTokens } from "./tokens.ts";
import { validateMessages } from "./validate-messages.ts";
import { validateTools } from "./validate-tools.ts";

/** Whether a message is what the API itself paused. */
type IsPaused = (message: RequestMessage) => boolean;

/** Everything `POST /v1/messages` refuses once the shape is right. Returns the rules of the model. */
export function validateRequest(
  request: MessagesRequest,
  { contextWindow, isPaused }: { readonly contextWindow?: number | undefined; readonly isPaused?: IsPaused },
): ModelRules {
  const rules = validatePrompt(request, isPaused);
  validateMaxTokens(request, rules);
  validateSampling(request, rules);
  const tokens = countInputTokens(request);
  const window = contextWindow ?? rules.contextWindow;
  if (tokens > window) refuse(`prompt is too long: ${tokens} tokens > ${window} maximum`);
  return rules;
}

/** The part that `count_tokens` checks too. */
export function validatePrompt(request: CountTokensRequest, isPaused?: IsPaused): ModelRules {
  const rules = rulesOf(request.model);
  if (rules === undefined) {
    throw new RefusedRequest({ status: 404, type: "not_found_error", message: `model: ${request.model}` });
  }
  validateMessages(request.messages, rules, isPaused);
  validateTools(request, rules);
  validateThinkingConfig(request, rules);
  validateOutputConfig(request, rules);
  return rules;
}

function validateMaxTokens(request: MessagesRequest, rules: ModelRules): void {
  const { max_tokens: maxTokens, thinking } = request;
  if (maxTokens < 1) refuse("max_tokens: Input should be greater than or equal to 1");
  if (maxTokens > rules.maxOutputTokens) {
    refuse(
      `max_tokens: ${maxTokens} > ${rules.maxOutputTokens}, which is the maximum allowed number of output tokens for ${rules.id}`,
    );
  }
  if (thinking?.type === "enabled" && thinking.budget_tokens >= maxTokens) {
    refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
}

function validateSampling(request: MessagesRequest, rules: ModelRules): void {
  const { temperature, top_p: topP, top_k: topK, thinking } = request;
  const changes = { temperature: (temperature ?? 1) !== 1, top_p: (topP ?? 1) !== 1, top_k: topK !== undefined };
  const [changed] = Object.entries(changes).flatMap(([name, isChanged]) => (isChanged ? [name] : []));
  if (!rules.sampling && changed !== undefined) refuse(`\`${changed}\` is deprecated for this model.`);
  if (temperature !== undefined && topP !== undefined) {
    refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
  }
  if (thinking?.type === "enabled" && changes.temperature) {
    refuse("`temperature` may only be set to 1 when thinking is enabled.");
  }
}

function validateThinkingConfig(request: CountTokensRequest, rules: ModelRules): void {
  const type = request.thinking?.type;
  if (type === undefined) return;
  if (!rules.thinking.includes(type)) {
    const remedy =
      rules.thinking.includes("between_tools") && type === "disabled"
        ? 'To turn thinking off on this model, send "thinking": {"type": "between_tools"}.'
        : 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
    refuse(`"thinking.type.${type}" is not supported for this model. ${remedy}`);
  }
  const effort = request.output_config?.effort;
  if ((type === "between_tools" || type === "disabled") && (effort === "xhigh" || effort === "max")) {
    refuse(`"thinking.type.${type}" is not supported with "output_config.effort" set to "${effort}".`);
  }
}

function validateOutputConfig(request: CountTokensRequest, rules: ModelRules): void {
  const config = request.output_config;
  if (config?.effort != null && !rules.effort) refuse("This model does not support the effort parameter.");
  if (config?.format != null) validateStructuredSchema(config.format.schema, "output_config.format.schema");
}
