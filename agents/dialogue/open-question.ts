/** The question that an earlier request still waits with. Pure. */
import type { Dialogue } from "../../core/dialogue.ts";
import { cuesOf } from "./cues.ts";
import { CONFIRMATION, told } from "./orders/order-steps.ts";
import type { DialogueOptions } from "./step.ts";

/**
 * The question that an earlier request still waits with, to be asked again once the newer one is done, and the dialogue
 * with that request in front.
 */
export function takenUpAgain(
  dialogue: Dialogue,
  tools: DialogueOptions["tools"],
  language: string,
): { readonly text: string; readonly dialogue: Dialogue } | undefined {
  const open = dialogue.find(({ asked }) => asked !== undefined);
  const text = open === dialogue[0] ? undefined : openQuestion(dialogue, tools, language);
  if (open === undefined || text === undefined) return undefined;
  return { text, dialogue: [open, ...dialogue.filter((frame) => frame !== open)] };
}

/** The question that a request waits with, to be asked again below an answer to something else. */
export function openQuestion(
  dialogue: Dialogue,
  tools: DialogueOptions["tools"],
  language: string,
): string | undefined {
  const open = dialogue.find(({ asked }) => asked !== undefined);
  const tool = tools.get(open?.tool ?? "");
  if (open?.asked === undefined || tool === undefined) return undefined;
  const cues = cuesOf(language);
  const question =
    open.asked === CONFIRMATION
      ? cues.prepareIt.replace("{order}", () => told(tool, open.slots, language))
      : tool.ask(open.asked, language, open.slots);
  return cues.backTo.replace("{title}", () => tool.title(language)).replace("{ask}", () => question);
}
