/** `parley mcp`: the bot's tools over stdio, and the tools of servers that it uses. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/bank-chat.ts";
import { buildOnce } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = [join(root, "dist/cli/main.js"), "mcp"];
let folder: ReturnType<typeof temporaryFolder>;

beforeAll(buildOnce, 240_000);
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, "node_modules"));
  symlinkSync(root, join(folder.path, "node_modules", "parleyjs"));
  writeFileSync(join(folder.path, "twist.txt"), "The weather of a city.");
  writeFileSync(
    join(folder.path, "bots.config.ts"),
    `
    import { bank, consoleChat, crew, defineConfig } from "parleyjs";
    import { mcp } from "parleyjs/mcp";
    export default defineConfig({
      bots: {
        harbour: {
          name: "Harbour",
          accounts: [consoleChat()],
          crew: crew({ model: "offline" }),
          tools: [bank(), mcp({ servers: { weather: {
            command: process.execPath,
            args: [${JSON.stringify(join(root, "test/support/mcp/server.mjs"))}],
            env: { NOTES: "notes.txt", TWIST: "twist.txt" },
            readOnly: ["forecast"],
          } } })],
        },
      },
    });`,
  );
});
afterEach(() => folder.remove());

function run(...words: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [...command, ...words], {
    cwd: folder.path,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "200" },
  });
  return stdout + stderr;
}

describe("parley mcp", () => {
  it("serves the bot's tools over stdio, those of other servers among them", async () => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "legacy" } });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: command, cwd: folder.path, stderr: "inherit" }),
      { timeout: 100_000 },
    );
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["get_balance", "weather__forecast"]));
    const result = await client.callTool({ name: "weather__forecast", arguments: { city: "Ulm" } });
    expect(result.structuredContent).toEqual({ server: "weather", text: "Sunny in Ulm." });
    await client.close();
  });

  it("lists the tools of servers, and approves one that changed", () => {
    expect(run("tools")).toMatch(/approved "forecast" The weather of a city\./u);
    writeFileSync(join(folder.path, "twist.txt"), "Something else.");
    expect(run("tools")).toMatch(/changed "forecast" Something else\.\n\s+approved as: The weather of a city\./u);
    expect(run("approve", "weather", "forecast")).toContain('approved weather "forecast"');
    expect(run("tools")).toMatch(/approved "forecast" Something else\./u);
    expect(run("approve", "wether")).toContain('has no server "wether". There is: weather.');
  }, 300_000);
});
