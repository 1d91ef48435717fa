/** What is known beforehand of a request: what is said to it, and with which words documents are searched for it. */
import type { Intents } from "../../core/intents.ts";
import type { TaughtRequest } from "../../core/teaching.ts";

/** A text, or texts by language tag. */
export type Answers = NonNullable<Intents[string]["answer"]>;

/** A request as the configuration or a tool pack has it. */
export interface Configured extends Partial<Intents[string]> {
  /** Words of its topic, in the person's language first: documents about it are looked in with preference. */
  readonly search?: readonly string[];
}

const INTENT = "intent:";
const REQUEST = "request:";

/** Finds what is known of a request by its label, for words in a language. */
export function createAnswers(intents: Intents, requests: readonly TaughtRequest[]) {
  const taught = new Map(requests.map((request) => [request.name, request]));
  return (label: string, language: string): Configured | undefined => {
    if (label.startsWith(INTENT)) return intents[label.slice(INTENT.length)];
    const request = label.startsWith(REQUEST) ? taught.get(label.slice(REQUEST.length)) : undefined;
    if (request === undefined) return undefined;
    const { answer, search = {} } = request;
    // Documents may be in another language than the question.
    const words = [search[language], language === "en" ? undefined : search["en"]].filter((one) => one !== undefined);
    // What is answered beforehand needs the documents for its figures alone.
    return {
      ...(answer !== undefined && { answer, ...(words.length > 0 && { documents: true as const }) }),
      ...(words.length > 0 && { search: words }),
    };
  };
}
