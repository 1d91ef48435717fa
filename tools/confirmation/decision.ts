import { type InboundEvent, textOf } from "../../core/event.ts";
import { CODE_SHAPE } from "./code.ts";

/** What an event says about proposals, before anyone looks at which. */
export type Decision =
  | { readonly by: "button"; readonly action: "confirm" | "cancel"; readonly id: string }
  | {
      readonly by: "code";
      readonly action: "confirm" | "cancel";
      readonly code: string;
      /** The code stood alone: it may be something else that looks like one. */
      readonly bare: boolean;
    }
  /** A plain "yes": confirms nothing, but wants to. */
  | { readonly by: "affirmation" }
  /** A plain "cancel". */
  | { readonly by: "withdrawal" };

const button = /^(confirm|cancel):(.+)$/su;
const typedWithCode = /^\/?(confirm|cancel|bestätigen|abbrechen)\s+((?=\S*\d)[a-z0-9]{6})$/iu;
const withdrawal = /^\/?(?:cancel|cancel (?:it|that)|abbrechen|abbruch)[.!]*$/iu;
const affirmation =
  /^(?:\/?confirm|yes|yes[,]? please|y|yeah|yep|yup|ok|okay|k|sure|confirmed|i confirm|go|go ahead|do it|send it|please do|proceed|right|correct|approve|approved|ja|ja bitte|jo|jep|klar|genau|bestätigt|bestätigen|ich bestätige|mach das|mach es|los|in ordnung|si|sí|oui|👍|✅|👌)\p{Emoji_Modifier}?[\s.!]*$/iu;

/** Reads a decision from a pressed button, an exact typed code, or a plain yes or cancel; undefined for any other event. */
export function readDecision(event: InboundEvent): Decision | undefined {
  if (event.type === "action") return pressed(event.choiceId, event.value);
  if (event.type !== "message" && event.type !== "command") return undefined;
  const text = textOf(event).trim();
  if (text.length > 60) return undefined;
  const [, verb, code] = typedWithCode.exec(text) ?? [];
  if (verb !== undefined && code !== undefined) {
    return { by: "code", action: isConfirm(verb) ? "confirm" : "cancel", code: code.toUpperCase(), bare: false };
  }
  const bare = text.toUpperCase();
  if (CODE_SHAPE.test(bare)) return { by: "code", action: "confirm", code: bare, bare: true };
  if (affirmation.test(text)) return { by: "affirmation" };
  return withdrawal.test(text) ? { by: "withdrawal" } : undefined;
}

/** A button that comes with a code (over HTTP) counts by the code: a wrong one must not confirm. */
function pressed(choiceId: string, value: string): Decision | undefined {
  const [, action, id] = button.exec(choiceId) ?? [];
  if (action === undefined || id === undefined) return undefined;
  const code = value.trim().toUpperCase();
  if (action === "confirm" && CODE_SHAPE.test(code)) return { by: "code", action, code, bare: false };
  return { by: "button", action: action === "confirm" ? "confirm" : "cancel", id };
}

function isConfirm(verb: string): boolean {
  return ["confirm", "bestätigen"].includes(verb.toLowerCase());
}
