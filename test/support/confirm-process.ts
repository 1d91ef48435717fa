/**
 * A process that presses Confirm: `node --import tsx confirm-process.ts <folder> <proposal> <mode> <url>`. It says "ready",
 * waits for a line, and prints the reply. Mode `stall` stops for good between confirmation and execution, `stall-after`
 * between execution and its note, so that the test can kill it there.
 */
import { once } from "node:events";
import type { Tool } from "../../core/tool.ts";
import { chatter, NOON, openBankChat } from "./bank-chat.ts";
import { placeAt } from "./test-place.ts";

const [, , folder, proposal, mode, url] = process.argv;
if (folder === undefined || proposal === undefined) throw new Error("Give folder and proposal");

const forever = async (): Promise<never> => await new Promise<never>(() => setInterval(() => undefined, 1000));

function stalling(tool: Tool): Tool {
  if (tool.name !== "transfer_money" || mode === undefined || !mode.startsWith("stall")) return tool;
  return {
    ...tool,
    execute: async (input, context) => {
      if (mode === "stall-after") await tool.execute(input, context);
      process.stdout.write("stalled\n");
      return await forever();
    },
  };
}

const clock = { now: NOON };
const open = await openBankChat(folder, clock, { wrap: stalling, timeoutMs: 600_000, place: placeAt(folder, url) });
process.stdout.write("ready\n");
await once(process.stdin, "data");
const replies = await Promise.all(
  Array.from({ length: mode === "many" ? 8 : 1 }, async () => {
    return await chatter(open.toolset, clock).press(`confirm:${proposal}`);
  }),
);
process.stdout.write(`${JSON.stringify(replies.map((reply) => reply?.text))}\n`);
await open.close();
process.exit(0);
