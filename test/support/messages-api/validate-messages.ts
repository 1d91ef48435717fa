import { refuse } from "./api-error.ts";
import type { ModelRules } from "./model-rules.ts";
import type { ContentBlock, RequestMessage } from "./request-schema.ts";
import { isSignatureOf } from "./signature.ts";

/** Refuses what the API refuses about a conversation: order, emptiness, prefill, tool pairs, altered thinking. */
export function validateMessages(
  messages: readonly RequestMessage[],
  rules: ModelRules,
  isPaused: (message: RequestMessage) => boolean = () => false,
): void {
  if (messages.length === 0) refuse("messages: at least one message is required");
  if (messages[0]?.role !== "user") refuse('messages: first message must use the "user" role');
  for (const [index, message] of messages.entries()) {
    validateContent(message, index, index === messages.length - 1);
    validateThinking(message, index, rules);
  }
  const last = messages.at(-1);
  // What the API paused comes back as it was, and is gone on with.
  if (last?.role === "assistant" && !rules.prefill && !isPaused(last)) {
    refuse("This model does not support assistant message prefill. The conversation must end with a user message.");
  }
  validateToolPairs(joinTurns(messages));
}

function blocksOf(message: RequestMessage): readonly ContentBlock[] {
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}

function validateContent(message: RequestMessage, index: number, last: boolean): void {
  if (message.content.length === 0) {
    if (message.role === "user") refuse(`messages.${index}: user messages must have non-empty content`);
    if (!last) {
      refuse(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
      );
    }
  }
  if (typeof message.content === "string") return;
  for (const block of message.content) {
    if (block.type === "text") validateText(block.text);
    const only = block.type === "tool_use" ? "assistant" : block.type === "tool_result" ? "user" : message.role;
    if (only !== message.role)
      refuse(`messages.${index}: \`${block.type}\` blocks can only be in \`${only}\` messages`);
  }
}

function validateText(text: string): void {
  if (text === "") refuse("messages: text content blocks must be non-empty");
  if (text.trim() === "") refuse("messages: text content blocks must contain non-whitespace text");
}

function validateThinking(message: RequestMessage, index: number, rules: ModelRules): void {
  for (const [position, block] of blocksOf(message).entries()) {
    if (block.type !== "thinking") continue;
    if (message.role === "user") refuse(`messages.${index}: \`thinking\` blocks can only be in \`assistant\` messages`);
    if (!isSignatureOf(block.signature, rules.id, block.thinking)) {
      refuse(`messages.${index}.content.${position}: Invalid \`signature\` in \`thinking\` block`);
    }
  }
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly blocks: readonly ContentBlock[];
}

/** The API joins neighbours of one role into one turn before it looks at tool pairs. */
function joinTurns(messages: readonly RequestMessage[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const previous = turns.at(-1);
    if (previous?.role === message.role) {
      turns[turns.length - 1] = { role: message.role, blocks: [...previous.blocks, ...blocksOf(message)] };
    } else {
      turns.push({ role: message.role, blocks: blocksOf(message) });
    }
  }
  return turns;
}

function validateToolPairs(turns: readonly Turn[]): void {
  const seen = new Set<string>();
  for (const [index, turn] of turns.entries()) {
    const calls = turn.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    for (const id of calls) {
      if (seen.has(id)) refuse(`messages.${index}: \`tool_use\` ids must be unique`);
      seen.add(id);
    }
    validateAnswers(calls, leadingResults(turns[index + 1]), index);
    validateResults(turn, turns[index - 1], index);
  }
}

function leadingResults(turn: Turn | undefined): readonly string[] {
  const results: string[] = [];
  for (const block of turn?.blocks ?? []) {
    if (block.type !== "tool_result") break;
    results.push(block.tool_use_id);
  }
  return results;
}

function validateAnswers(calls: readonly string[], results: readonly string[], index: number): void {
  const unanswered = calls.filter((id) => !results.includes(id));
  if (unanswered.length > 0) {
    refuse(
      `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
        `${unanswered.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
}

function validateResults(turn: Turn, previous: Turn | undefined, index: number): void {
  const calls = new Set((previous?.blocks ?? []).flatMap((block) => (block.type === "tool_use" ? [block.id] : [])));
  const answered = new Set<string>();
  for (const [position, block] of turn.blocks.entries()) {
    if (block.type !== "tool_result") continue;
    if (!calls.has(block.tool_use_id)) {
      refuse(
        `messages.${index}.content.${position}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ` +
          `${block.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
    if (answered.has(block.tool_use_id)) {
      refuse(
        `messages.${index}.content.${position}: each tool_use must have a single result. ` +
          `Found multiple \`tool_result\` blocks with id: ${block.tool_use_id}`,
      );
    }
    answered.add(block.tool_use_id);
  }
}
