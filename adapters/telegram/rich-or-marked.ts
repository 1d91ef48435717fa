/** Rich messages where the server knows them; the same words with entities where it does not. */
import type { InputRichBlock } from "grammy/types";
import { refusalIn } from "./probe.ts";
import type { TelegramPayload } from "./render.ts";
import { isAboutContent } from "./send-errors.ts";

/** Whether the account's server knows rich messages. Learned once, for as long as the process lives. */
export interface RichSupport {
  possible: boolean;
}

interface Ways<Result> {
  readonly rich: (blocks: InputRichBlock[]) => Promise<Result>;
  readonly marked: () => Promise<Result>;
}

/**
 * One of both ways succeeds at most: the second is tried only after an answer that says that the first was not done.
 */
export async function richOrMarked<Result>(
  support: RichSupport,
  { rich: blocks, poll, file }: TelegramPayload,
  ways: Ways<Result>,
): Promise<Result> {
  if (!support.possible || blocks === undefined || poll || file !== undefined) return await ways.marked();
  try {
    return await ways.rich([...blocks]);
  } catch (thrown) {
    const refusal = refusalIn(thrown);
    const isUnknown = refusal?.error_code === 404 || isTextMissing(refusal?.description);
    if (!isUnknown && !isAboutContent(thrown)) throw thrown;
    const done = await ways.marked();
    // A refused token is 404 as well; then nothing goes through.
    if (isUnknown) support.possible = false;
    return done;
  }
}

/** An older server does not see the blocks of an edit, and misses its text. */
function isTextMissing(description = ""): boolean {
  return /message text is empty/iu.test(description);
}
