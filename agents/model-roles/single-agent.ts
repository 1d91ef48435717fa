import { singleAgentPrompt } from "../prompts/response-generator.ts";
import type { CrewState, Desk, Selection } from "../roles/contract.ts";
import { textOf } from "../models/message-content.ts";
import { historyMessages, requestMessage, systemMessage } from "./envelope.ts";
import { callModel, streamMessage } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { draftOf } from "./respond.ts";
import { callsOf, withTools } from "./select.ts";
import { toolConversation } from "./tool-results.ts";

/** One agent with all tools: asks for calls until it writes the answer. */
export async function actAsSingleAgent(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Selection> {
  const { models, breaker } = options;
  const { input, turn } = desk;
  const messages = [
    systemMessage(singleAgentPrompt(input, turn.tools.tools), models.marksCache),
    ...historyMessages(input.history),
    requestMessage(state, desk),
    ...toolConversation(state),
  ];
  const { message } = await callModel(
    { desk, breaker, role: "single-agent", model: models.answers.name },
    async () =>
      await streamMessage(withTools(models.answers, turn), messages, {
        signal: turn.signal,
        onText: (text) => turn.emit({ type: "delta", text }),
      }),
  );
  const calls = callsOf(message);
  if (calls === undefined) return { kind: "answer", draft: draftOf(textOf(message), state, desk) };
  // What it said before the calls is no answer.
  turn.emit({ type: "reset" });
  return calls;
}
