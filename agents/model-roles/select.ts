import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { CrewTurn } from "../../core/crew.ts";
import { toolSelectorPrompt } from "../prompts/tool-selector.ts";
import type { CrewState, Desk, Selection } from "../roles/contract.ts";
import type { RoleModel } from "./chat-models.ts";
import { historyMessages, requestMessage, systemMessage } from "./envelope.ts";
import { callModel, streamMessage } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { toolConversation } from "./tool-results.ts";
import { ModelRequestError } from "../models/model-errors.ts";

/** The fast model asks for tool calls, or for none. Their arguments are checked by the registry, not here. */
export async function selectWithModel(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Selection> {
  if (state.intention?.needsTools === false) return { kind: "enough" };
  const { models, breaker } = options;
  const messages = [
    systemMessage(toolSelectorPrompt(desk.input), models.marksCache),
    ...historyMessages(desk.input.history),
    requestMessage(state, desk),
    ...toolConversation(state),
  ];
  const { message } = await callModel(
    { desk, breaker, role: "tool-selector", model: models.fast.name },
    async () =>
      await streamMessage(withTools(models.fast, desk.turn), messages, {
        signal: desk.turn.signal,
        onText: () => undefined,
      }),
  );
  return callsOf(message) ?? { kind: "enough" };
}

/** The model with the turn's tools, always in the same order so that prompts can be cached. */
export function withTools({ model, name }: RoleModel, { tools }: CrewTurn): Runnable<BaseMessage[], AIMessageChunk> {
  if (tools.tools.length === 0) return model;
  if (model.bindTools === undefined) {
    throw new ModelRequestError(`The chat model ${name} cannot call tools. Configure one that can.`);
  }
  return model.bindTools(
    tools.tools.map((tool) => ({
      type: "function",
      function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
    })),
  );
}

/** The calls that a message asks for; undefined when it asks for none. */
export function callsOf(message: AIMessageChunk): (Selection & { readonly kind: "call" }) | undefined {
  const calls = (message.tool_calls ?? []).map(({ name, args, id }) => ({
    tool: name,
    input: args,
    ...(id !== undefined && { reference: id }),
  }));
  return calls.length === 0 ? undefined : { kind: "call", calls, transcript: [message] };
}
