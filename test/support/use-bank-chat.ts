/** A real toolset with the sample bank, opened in a fresh folder for each test. */
import { afterEach, beforeEach } from "vitest";
import type { ToolOutcome } from "../../core/tool.ts";
import { linkedChatter, NOON, openBankChat, type OpenBankChat, temporaryFolder } from "./bank-chat.ts";

/** Gives what comes of a tool call by a linked customer who has just said these words. */
export function useBankChat() {
  let folder: ReturnType<typeof temporaryFolder>;
  let open: OpenBankChat;
  const clock = { now: NOON };
  beforeEach(async () => {
    folder = temporaryFolder();
    open = await openBankChat(folder.path, clock);
  });
  afterEach(async () => {
    await open.close();
    folder.remove();
  });
  return async (words: string, tool: string, input: object, locale = "en"): Promise<ToolOutcome> => {
    const anna = await linkedChatter(open.toolset, clock, { locale });
    anna.say(words);
    return await anna.call(tool, input);
  };
}
