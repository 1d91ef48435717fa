/** Values that are all that a person writes, such as what a complaint is about. */
import type { FilledSlot, Frame } from "../../core/dialogue.ts";
import { isSpoken, wordsOf } from "../understanding/slots/words.ts";
import { allCues, leadingCue, smallWords } from "./cues.ts";
import type { AskedTool, Heard, Hearing } from "./step.ts";

/** So many words are told, and not said on the way to something else. */
const LONG_WORDS = 5;
/** Longer ones tell of something, whatever they resemble. */
const MOST_WORDS_OF_OTHER = 10;
/** So many words besides those of the sentences that ask tell what it is about. */
const TOLD_WORDS = 4;

/** The request that asked for a message, with this one; undefined where the words are something else. */
export function toldFrame({ heard, frames: [focus], options }: Hearing): Frame | undefined {
  const asked = focus?.asked ?? "";
  const tool = options.tools.get(focus?.tool ?? "");
  if (focus === undefined || tool?.slots[asked]?.entity !== "message") return undefined;
  if (asksForOther(focus, heard) || (!tellsAtLength(heard.text) && !isMeantFor(focus, heard))) return undefined;
  return { ...focus, slots: { ...focus.slots, [asked]: wholeMessage(heard.text) } };
}

/** What is asked for and told in one: all of it is the message, where it says more than that something is asked for. */
export function messageIn({ heard, cues }: Hearing, { slots, reader }: AskedTool): Frame["slots"] {
  const field = Object.keys(slots).find((name) => slots[name]?.entity === "message");
  const known = smallWords(cues);
  const told = wordsOf(heard.text).filter(
    (word) => isSpoken(word) && !known.has(word.form) && reader.tails?.has(word.form) !== true,
  );
  return field === undefined || told.length < TOLD_WORDS ? {} : { [field]: wholeMessage(heard.text) };
}

/** Not a question for something else in a few words. */
function tellsAtLength(text: string): boolean {
  return wordsOf(text).filter(isSpoken).length >= LONG_WORDS && !/\?\s*$/u.test(text);
}

/** "I sent 50 to Emre and it never arrived" tells what happened. */
const telling = /^\s*(?:i|we|you|your|my|our|ich|wir|ihr|sie|eur\p{L}*|mein\p{L}*|unser\p{L}*)(?!\p{L})/iu;

/** "Send 5 euros to Jana", "get me a human": in few words another request is no message. */
function asksForOther({ tool }: Frame, { tool: asked = tool, isSure, text }: Heard): boolean {
  const isTelling = telling.test(text) && allCues().every(({ joints }) => leadingCue(text, joints) === undefined);
  return (
    asked !== tool && isSure === true && !isTelling && wordsOf(text).filter(isSpoken).length <= MOST_WORDS_OF_OTHER
  );
}

const isMeantFor = ({ tool }: Frame, heard: Heard): boolean => !heard.isOther && (heard.tool ?? tool) === tool;

function wholeMessage(text: string): FilledSlot {
  const value = text.trim();
  return { value, literal: value, source: "own" };
}
