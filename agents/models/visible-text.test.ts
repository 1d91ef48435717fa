import { describe, expect, it } from "vitest";
import { createVisibleText, isWrittenCall } from "./visible-text.ts";

/** What a person sees of an answer that comes in these pieces. */
function seen(pieces: readonly string[]): string {
  let shown = "";
  const visible = createVisibleText(() => (shown = ""));
  for (const piece of pieces) {
    const text = visible.add(piece);
    shown += text;
  }
  return shown + visible.finish();
}

describe("what a person sees of an answer", () => {
  it.each([
    ["thinking", "<think>A secret plan.</think>\n\nHello Anna!", "Hello Anna!"],
    ["thinking that begins in the prompt", "A secret plan.\n</think>\nHello Anna!", "Hello Anna!"],
    ["thinking in the middle", "Hello. <thinking>A secret.</thinking>Anna!", "Hello. Anna!"],
    ["thinking without an end", "Hello. <think>A secret plan", "Hello. "],
    ["marks of a template", "<|im_start|>Hello Anna!<|im_end|>", "Hello Anna!"],
    ["signs that are no marks", "2 < 3, <b>x</b>, a <- b, [ABC] and [1] <", "2 < 3, <b>x</b>, a <- b, [ABC] and [1] <"],
    ["marks that are talked about", "A model writes `<think>` first.", "A model writes `<think>` first."],
  ])("leaves out %s", (_, text, expected) => {
    expect(seen([text])).toBe(expected);
    expect(seen(text.split(""))).toBe(expected);
  });

  it.each([
    '<tool_call>\n{"name": "look_up", "arguments": {}}\n</tool_call>',
    'I look. <function=look_up>{"word":"x"}</function>',
    '[TOOL_CALLS][{"name":"look_up"}]',
  ])("is no call of a tool: %s", (text) => {
    expect(() => seen([text])).toThrow(/call of a tool as text/u);
    expect(() => seen(text.split(""))).toThrow(/call of a tool as text/u);
  });

  it("is no call as JSON, where that is all", () => {
    expect(isWrittenCall('{"name": "order", "arguments": {"item": "pizza"}}')).toBe(true);
    expect(isWrittenCall('```json\n{"name": "order", "parameters": {}}\n```')).toBe(true);
    expect(isWrittenCall('{"name": "Anna", "age": 5}')).toBe(false);
    expect(isWrittenCall('So: {"name": "order", "arguments": {}}')).toBe(false);
  });
});
