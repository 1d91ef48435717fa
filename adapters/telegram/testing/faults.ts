/** Which of the bot's next calls go wrong. */
import type { FaultQueue } from "../../../testing.ts";
import { createFaultQueue } from "../../../testing.ts";

export interface Faults extends Pick<FaultQueue, "next"> {
  /** The fault of a call of this method, if one is due; it is used up by that. */
  readonly take: (method: string) => ReturnType<FaultQueue["take"]>;
}

export function createFaults(): Faults {
  const queue = createFaultQueue();
  return {
    next: queue.next,
    take: (method) => {
      const fault = queue.take(kindOf(method), FILES.test(method));
      // Formatting that is refused is refused in every way of writing it: as blocks first, then as entities.
      if (fault?.kind === "markup-refused" && method === "sendRichMessage") queue.next("send", fault);
      return fault;
    },
  };
}

const FILES = /^send(?:Document|Photo|Audio|Video|Voice)$/u;

/** What stays in the chat is sent; what changes it, or passes, is an edit. */
function kindOf(method: string): "send" | "edit" | "other" {
  if (method === "sendChatAction") return "other";
  if (method === "sendMessageDraft") return "edit";
  if (method.startsWith("send")) return "send";
  return /^(?:edit|delete(?!Webhook)|setMessageReaction)/u.test(method) ? "edit" : "other";
}
