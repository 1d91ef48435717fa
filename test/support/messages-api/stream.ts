import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { errorBody } from "./api-error.ts";
import type { Answer, AnswerBlock, Interruption } from "./turn.ts";

interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * The server-sent events of an answer, in the order and shape of the API. `pieceLength` is in code points.
 *
 * @yields event data, whose `type` is also the event's name
 */
export function* eventsOf(answer: Answer, pieceLength: number): Generator<StreamEvent> {
  const { id, model, usage } = answer;
  const message = {
    id,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: { ...usage, output_tokens: 1, output_tokens_details: null },
  };
  yield { type: "message_start", message };
  yield { type: "ping" };
  for (const [index, block] of answer.blocks.entries()) {
    yield { type: "content_block_start", index, content_block: emptyBlock(block) };
    for (const delta of deltasOf(block, pieceLength)) yield { type: "content_block_delta", index, delta };
    yield { type: "content_block_stop", index };
  }
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
  yield {
    type: "message_delta",
    delta: { stop_reason: answer.stopReason, stop_sequence: null, stop_details: answer.stopDetails },
    usage: {
      input_tokens,
      output_tokens,
      cache_creation_input_tokens,
      cache_read_input_tokens,
      output_tokens_details: usage.output_tokens_details,
      server_tool_use: null,
    },
  };
  yield { type: "message_stop" };
}

function emptyBlock(block: AnswerBlock) {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  if (block.type === "text") return { type: "text", text: "" };
  return { type: "tool_use", id: block.id, name: block.name, input: {} };
}

function* deltasOf(block: AnswerBlock, pieceLength: number): Generator<StreamEvent> {
  if (block.type === "thinking") {
    for (const thinking of pieces(block.thinking, pieceLength)) yield { type: "thinking_delta", thinking };
    yield { type: "signature_delta", signature: block.signature };
  } else if (block.type === "text") {
    for (const text of pieces(block.text, pieceLength)) yield { type: "text_delta", text };
  } else {
    yield { type: "input_json_delta", partial_json: "" };
    if (block.rawInput === "{}") return;
    for (const json of pieces(block.rawInput, pieceLength)) yield { type: "input_json_delta", partial_json: json };
  }
}

function pieces(text: string, length: number): readonly string[] {
  const points = Array.from(text);
  return Array.from({ length: Math.ceil(points.length / length) }, (_, index) =>
    points.slice(index * length, (index + 1) * length).join(""),
  );
}

interface StreamOptions {
  readonly pieceLength: number;
  readonly requestId: string;
  readonly interruption: Interruption | undefined;
  /** Aborted when the server closes. */
  readonly signal: AbortSignal;
}

/** Writes an answer as a stream, up to the scripted interruption. Resolves when nothing more will be written. */
export async function writeStream(response: ServerResponse, answer: Answer, options: StreamOptions): Promise<void> {
  const { interruption } = options;
  let deltas = 0;
  for (const event of eventsOf(answer, options.pieceLength)) {
    if (event.type === "content_block_delta") deltas += 1;
    if (interruption !== undefined && (deltas > interruption.afterDeltas || event.type === "message_delta")) {
      return interrupt(response, interruption, options);
    }
    write(response, event);
    // Each event in its own packet, as the network would deliver them.
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

async function interrupt(response: ServerResponse, interruption: Interruption, options: StreamOptions): Promise<void> {
  switch (interruption.by) {
    case "stall":
      return;
    case "end":
      response.end();
      return;
    case "cut":
      response.destroy();
      return;
    case "error":
      write(response, errorBody(interruption.failure, options.requestId));
      response.end();
      return;
    case "pings":
      while (!response.destroyed && !options.signal.aborted) {
        write(response, { type: "ping" });
        await wait(interruption.everyMs, undefined, { signal: options.signal }).catch(() => undefined);
      }
  }
}

function write(response: ServerResponse, event: StreamEvent): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
