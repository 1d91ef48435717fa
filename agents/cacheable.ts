import type { CrewState, Desk } from "./roles/contract.ts";
import type { CallDesk } from "./roles/tool-calls.ts";

/** Words that make a message lean on an earlier one: the same text means something else in another conversation. */
const LEANS_ON_OTHERS =
  /^(?:and|but|or|then|so|also|what about|how about|und|aber|oder|was ist mit)\b|\b(?:it|its|that|this|these|those|they|them|their|he|him|she|her|one|ones|same|again|else|more|other|others|instead|there|previous|earlier|above|mine|my|i|me|we|us|our|ich|mir|mich|mein\w*|wir|uns|das|dies\w*|es)\b/iu;
const FEWEST_WORDS = 3;
/** An unsure answer is not worth repeating. */
const LEAST_CONFIDENCE = 0.5;

/**
 * Whether an answer may be given to anybody who sends the same text: it rests on public tools alone, nothing of the
 * person was used, and the message is understood without any other.
 */
export function isCacheable(state: CrewState, { input }: Desk, calls: CallDesk): boolean {
  const { intention, replies, words } = state;
  const [reply, ...further] = replies ?? [];
  if (
    intention === null ||
    reply === undefined ||
    further.length > 0 ||
    reply.proposal !== undefined ||
    words.length > 1
  )
    return false;
  if (reply.confidence < LEAST_CONFIDENCE) return false;
  if (intention.personal || intention.remember.length > 0 || calls.reached !== "public") return false;
  const text = input.text.trim();
  return text.split(/\s+/u).length >= FEWEST_WORDS && !LEANS_ON_OTHERS.test(text);
}
