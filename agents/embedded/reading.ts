/** Reads a message in its conversation: what it asks for, and the question that it carries on. */
import type { CrewInput } from "../../core/crew.ts";
import { readWords } from "../language/read-words.ts";
import type { About } from "./about.ts";
import type { IntentReader, Understood } from "./recognize-intent.ts";

/** What the offline analyzer read. */
export interface Reading {
  readonly understood: Understood;
  /** The earlier question that this message carries on. */
  readonly earlier?: string;
  /** What somebody else said, when the message is about that. */
  readonly about?: About;
  /** True when earlier messages were needed. */
  readonly usesHistory: boolean;
  /** What was just spoken of: titles of the documents that the last answer cited, or of the tool that was called. */
  readonly cited: readonly string[];
}

interface Said {
  readonly text: string;
  /** Titles of the documents that the answer cited. */
  readonly cited: readonly string[];
}

const MOST_EARLIER = 8;
const FOLLOW_UP =
  /^(?:and|but|so|ok(?:ay)?,?|und)\b|\b(?:what|how) about\b|\b(?:it|its|that|this|these|those|they|them|ones?|same)\b/iu;
const FOLLOW_UP_WORDS = 9;
const ABOUT = /^\s*(?:and |so |und )?(?:what about|how about|was ist mit|wie ist es mit|wie sieht es mit)(?!\p{L})/iu;

/** Reads the newest of the words. `words` are the person's own of this turn, oldest first; earlier ones come from the history. */
export function readMessage(words: readonly string[], input: CrewInput, readIntent: IntentReader): Reading {
  const said = [...earlierWords(input), ...words.map((text) => ({ text, cited: [] }))];
  const { text } = said.at(-1) ?? { text: "" };
  const understood = readIntent(text);
  const earlier = earlierQuestion(text, said.slice(0, -1));
  const { cited = [] } = said.at(-2) ?? {};
  // "What about abroad?" after an answer from documents is about nothing else.
  const isBound = earlier !== undefined && ABOUT.test(text) && !["tool", "documents"].includes(understood.route);
  const read = isBound ? { ...understood, route: "documents" as const } : understood;
  return { understood: read, cited, usesHistory: earlier !== undefined, ...(earlier !== undefined && { earlier }) };
}

/** In groups several people speak: there nothing is put together from earlier messages. */
function earlierWords({ history, chatType }: CrewInput): readonly Said[] {
  if (chatType === "group") return [];
  const said: { text: string; cited: readonly string[] }[] = [];
  for (const { role, text, cited = [] } of history) {
    const last = said.at(-1);
    if (role === "user") said.push({ text: readWords(text), cited: [] });
    else if (last !== undefined) last.cited = cited;
  }
  return said.slice(-MOST_EARLIER);
}

function isShort(text: string): boolean {
  return text.trim().split(/\s+/u).length <= FOLLOW_UP_WORDS;
}

/** "And how long does it take?" is read together with the question before it, when that was answered from sources. */
function earlierQuestion(text: string, before: readonly Said[]): string | undefined {
  const last = before.at(-1);
  if (last === undefined || !isShort(text) || !FOLLOW_UP.test(text)) return undefined;
  return last.cited.length > 0 ? last.text : undefined;
}
