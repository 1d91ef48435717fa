import { type InboundEvent, textOf } from "../../core/event.ts";
import { isButtonValue } from "../../core/proposal-reply.ts";

/** What an event says about proposals, before anyone looks at which. */
export type Decision =
  | { readonly by: "button"; readonly action: "confirm" | "cancel"; readonly id: string }
  | {
      readonly by: "code";
      readonly action: "confirm" | "cancel";
      /** As it was given: it may be wrong, empty or no code at all. */
      readonly code: string;
      /** The proposal that the code came with, where it did not stand alone. */
      readonly id?: string;
      /** It may be something else than a code: it stood alone, or does not look like one. */
      readonly bare: boolean;
    };

/** Longer texts are talk. */
const LONGEST = 60;

const button = /^(confirm|cancel):(.+)$/su;
const verbAndMore = /^\/?(confirm|cancel|bestätigen|bestätige|abbrechen)(?:\s+code)?[\s:#]+(\S+)$/iu;
/** Six signs with a digit among them: a code, right or mistyped, and no word. */
const bareCode = /^(?=\S*\d)[A-Z0-9]{6}$/iu;
const CONFIRM: ReadonlySet<string> = new Set(["confirm", "bestätigen", "bestätige"]);
/** What follows "confirm" without being meant as a code. */
const notACode =
  /^(?:it|that|this|them|all|please|now|payment|transfer|order|request|proposal|das|dies|es|bitte|jetzt|alles|zahlung|überweisung|auftrag)[.!]*$/iu;
/**
 * Reads a decision from a pressed button or a typed code; undefined for any other event, whose words `readReply` reads.
 * `said` is all that was said with it: a code confirms only where nothing else was said.
 */
export function readDecision(event: InboundEvent, said = textOf(event)): Decision | undefined {
  if (event.type === "action") return pressed(event);
  if (event.type !== "message" && event.type !== "command") return undefined;
  const written = said.trim();
  if (written.length > LONGEST) return undefined;
  // A question decides nothing.
  if (/[?؟]\s*$/u.test(written)) return undefined;
  const text = asMeant(written);
  const [, verb, given = ""] = verbAndMore.exec(text) ?? [];
  if (verb !== undefined) return readVerb(CONFIRM.has(verb.toLowerCase()) ? "confirm" : "cancel", given);
  return bareCode.test(text) ? { by: "code", action: "confirm", code: text, bare: true } : undefined;
}

/** A code as people write it: in quotes, with a full stop or thanks, in full-width letters, "W42-WKW", "4 P Z V X D". */
function asMeant(written: string): string {
  const text = written
    .normalize("NFKC")
    .replaceAll(/[`*"'“”„«»‚‘’()[\]]/gu, "")
    .replace(/^(?:(?:yes|ok|okay|ja|please|pls|bitte)[,.!]?\s+)+(?=\S)/iu, "")
    .replace(/(?:,?\s+(?:please|pls|thanks|thank you|thx|bitte|danke)[.!]*)+$/iu, "")
    .replace(/[.!,;]+$/u, "")
    .replace(/^(?:(?:my|the|mein|der)\s+)?code(?:\s+(?:is|ist)|:)\s+/iu, "")
    .trim();
  const joined = text.replaceAll(/[ -]/gu, "");
  const isSpread = /^(?:[A-Z0-9] ){5}[A-Z0-9]$|^[A-Z0-9]{2,4}-[A-Z0-9]{2,4}$/iu.test(text);
  return isSpread && bareCode.test(joined) ? joined : text;
}

/** "cancel my" begins an order of its own; "confirm" and anything but a plain word gives a code, however wrong. */
function readVerb(action: "confirm" | "cancel", given: string): Decision | undefined {
  if (notACode.test(given)) return undefined;
  const bare = !bareCode.test(given);
  return action === "cancel" && bare ? undefined : { by: "code", action, code: given, bare };
}

/**
 * A press is the button's id with the button's own words or none. Whatever else comes with it is a code that was given,
 * and only the right one confirms.
 */
function pressed({ choiceId, value, code }: Extract<InboundEvent, { type: "action" }>): Decision | undefined {
  const [, verb, id] = button.exec(choiceId) ?? [];
  if (verb === undefined || id === undefined) return undefined;
  const action = verb === "confirm" ? "confirm" : "cancel";
  const given = code ?? (value === "" || isButtonValue(action, value) ? undefined : value);
  if (action === "cancel" || given === undefined) return { by: "button", action, id };
  return { by: "code", action, code: given, id, bare: false };
}
