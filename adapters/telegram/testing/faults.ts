/** Which of the bot's next calls go wrong, and how. */
import type { CallFault } from "../../../core/testing/index.ts";

type On = "send" | "edit" | "any";

export interface Faults {
  readonly next: (on: On, fault: CallFault, times?: number) => void;
  /** The fault of this call, if one is due; it is used up by that. */
  readonly take: (method: string) => CallFault | undefined;
}

export function createFaults(): Faults {
  const due: { readonly on: On; readonly fault: CallFault; left: number }[] = [];
  return {
    next: (on, fault, times = 1) => void due.push({ on, fault, left: times }),
    take: (method) => {
      const found = due.find(({ on, left }) => left > 0 && (on === "any" || on === kindOf(method)));
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
  };
}

/** What stays in the chat is sent; what changes it, or passes, is an edit. */
function kindOf(method: string): "send" | "edit" | "other" {
  if (method === "sendChatAction") return "other";
  if (method === "sendMessageDraft") return "edit";
  if (method.startsWith("send")) return "send";
  return /^(?:edit|delete(?!Webhook)|setMessageReaction)/u.test(method) ? "edit" : "other";
}
