/**
 * The sample bank for tests that kill its process: with PARLEY_TEST_STALL=<tool> each call of that tool writes a file
 * `stalled` into the data directory and never ends: one of the bank before it proposes, `hand_over` behind what it did.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bank, crew, defineConfig, web } from "parleyjs";
import type { CrewFactory, Tool, ToolPackFactory, ToolRunner } from "parleyjs/adapter";

const stalled = process.env["PARLEY_TEST_STALL"];

async function stall(): Promise<never> {
  writeFileSync(join(process.env["PARLEY_DATA"] ?? ".", "stalled"), "");
  return await new Promise<never>(() => undefined);
}

function stalling(tool: Tool): Tool {
  return tool.name === stalled ? { ...tool, propose: stall } : tool;
}

const accounts = bank();
const stallingAccounts: ToolPackFactory = {
  ...accounts,
  open: async (context) => {
    const pack = await accounts.open(context);
    return { ...pack, tools: pack.tools.map(stalling) };
  },
};

const plain = crew({ model: "offline" });
const stallingCrew: CrewFactory = {
  ...plain,
  open: async (context) => {
    const opened = await plain.open(context);
    const watched = (tools: ToolRunner): ToolRunner => ({
      ...tools,
      call: async (name, ...given) => {
        const outcome = await tools.call(name, ...given);
        return name === stalled && name === "hand_over" ? await stall() : outcome;
      },
    });
    return { ...opened, run: async (input, turn) => await opened.run(input, { ...turn, tools: watched(turn.tools) }) };
  },
};

export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      locale: "en",
      timeZone: "Europe/Berlin",
      accounts: [web()],
      crew: stallingCrew,
      tools: [stallingAccounts],
      handOver: {},
      // What a stalled turn waits for is its process's end.
      limits: { turnTimeoutMs: 600_000 },
    },
  },
});
