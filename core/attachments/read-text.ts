import { cutText } from "../text/cut.ts";
import { cleanText } from "../markdown/sanitize-text.ts";
import { AttachmentUnknownError } from "./errors.ts";
import type { Spool } from "./spool.ts";

/** Longer files are documents for an indexer, not words for a prompt. */
const MAX_TEXT_BYTES = 1024 * 1024;
/** As much of a file as a prompt takes in. */
const PROMPT_CHARACTERS = 8_000;
const textTypes: ReadonlySet<string> = new Set(["text/plain", "text/markdown", "text/csv", "application/json"]);

/**
 * The words of a file that is plain text of some kind, from its beginning; undefined for any other and for one that is
 * gone. Data of the sender: never instructions.
 */
export async function readText(
  spool: Pick<Spool, "facts" | "open">,
  key: string,
  name?: string,
  maxCharacters = PROMPT_CHARACTERS,
): Promise<string | undefined> {
  try {
    const { mediaType, sizeBytes } = await spool.facts(key, name);
    if (!textTypes.has(mediaType) || sizeBytes > MAX_TEXT_BYTES) return undefined;
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of await spool.open(key)) text += decoder.decode(chunk, { stream: true });
    return cutText(cleanText(text + decoder.decode()).text, maxCharacters, "…");
  } catch (thrown) {
    if (thrown instanceof AttachmentUnknownError) return undefined;
    throw thrown;
  }
}
