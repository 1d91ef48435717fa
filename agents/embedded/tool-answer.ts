/** Answers from results of tools that have no words of their own. */
import { z } from "zod";
import type { ToolOutcome, ToolResult } from "../../core/tool.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { literal } from "../../core/markdown/index.ts";
import { LEFT_OUT } from "../roles/tool-calls.ts";
import { say } from "./say.ts";

const Message = z.looseObject({ message: z.string().min(1) });

/** What a tool gave, as Markdown, where it has no words of its own: its message, else its fields. */
export function answerFromTool({ value, sources = [] }: ToolResult): Draft {
  const text = Message.safeParse(value).data?.message ?? fieldsOf(value);
  return { text, sources: [...sources], confidence: 0.95 };
}

/** What a refusal or failure says, with a way on. */
export function answerFromFailure(
  { status, code, message }: Extract<ToolOutcome, { readonly status: "refused" | "failed" }>,
  { input }: Desk,
): Draft {
  // Said once for all of them, below the answer.
  if (code === LEFT_OUT.code) return { text: "", confidence: 0.9, act: "cannot" };
  const isInternal = status === "refused" && (code === "tool/invalid-input" || code === "tool/unknown");
  if (isInternal) {
    return {
      text: say("incomplete", input),
      confidence: 0.3,
      act: "asks",
      missing: "anything",
    };
  }
  const alone = input.chatType === "group" && !/direct/iu.test(message) ? ` ${say("write_directly", input)}` : "";
  return { text: `${literal(message)}${alone}`, confidence: status === "refused" ? 0.9 : 0.4, act: "cannot" };
}

function fieldsOf(value: unknown): string {
  const fields = z.record(z.string(), z.unknown()).safeParse(value).data ?? { result: value };
  return Object.entries(fields)
    .map(([name, field]) => `- ${literal(name)}: ${literal(typeof field === "string" ? field : JSON.stringify(field))}`)
    .join("\n");
}
