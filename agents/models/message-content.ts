import type { BaseMessage } from "@langchain/core/messages";
import { z } from "zod";

const TextBlock = z.object({ type: z.literal("text"), text: z.string() });

/** The visible text of an answer or of one streamed piece; never thinking, never tool input. */
export function textOf(message: Pick<BaseMessage, "content">): string {
  const { content } = message;
  if (typeof content === "string") return content;
  return content.map((block) => TextBlock.safeParse(block).data?.text ?? "").join("");
}
