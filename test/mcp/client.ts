/** What the conformance suite runs as the client: the product's connection, told which tools to call by the scenario. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Secret } from "../../core/config/secret.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import type { Json } from "../../core/json.ts";
import { connect, type Connection } from "../../tools/mcp/connection.ts";
import type { Visit } from "../../tools/mcp/login.ts";
import { McpOptions } from "../../tools/mcp/settings.ts";

const scenario = process.env["MCP_CONFORMANCE_SCENARIO"] ?? "";
const Context = z.object({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.json()) })).default([]),
});
const context = Context.parse(JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}"));
const url = process.argv[2] ?? "";
const folder = mkdtempSync(join(tmpdir(), "parley-mcp-"));

/** The authorisation page of the suite says yes at once, and sends the browser back. */
const visit: Visit = async (address) => {
  const { headers } = await fetch(address, { redirect: "manual" });
  return new URL(headers.get("location") ?? "").searchParams;
};

/** The document about this client that the suite knows. */
const DOCUMENT = "https://conformance-test.local/client-metadata.json";

const calls: Readonly<Record<string, (connection: Connection) => Promise<void>>> = {
  tools_call: async ({ call }) => void (await call("add_numbers", { a: 5, b: 3 }, options())),
  "sse-retry": async ({ call }) => void (await call("test_reconnection", {}, options())),
  "elicitation-sep1034-client-defaults": async ({ call }) =>
    void (await call("test_client_elicitation_defaults", {}, options())),
  "json-schema-2020-12-preservation": async ({ call, listTools }) => {
    const focal = (await listTools()).find(({ name }) => name === "json_schema_2020_12_tool");
    await call("json_schema_echo", { schema: focal?.inputSchema ?? null }, options());
  },
};

function options() {
  return { signal: AbortSignal.timeout(20_000), timeoutMs: 18_000, key: "conformance" };
}

async function play(): Promise<void> {
  const login = scenario.startsWith("auth/") ? { login: loginOf() } : {};
  const { servers } = McpOptions.parse({ servers: { suite: { url, allowPrivate: true, ...login } } });
  const settings = servers["suite"];
  if (settings === undefined) throw new Error("no settings");
  const connection = await connect({
    name: "suite",
    settings:
      "login" in settings && settings.login !== undefined && context.client_secret !== undefined
        ? { ...settings, login: { ...settings.login, clientSecret: secretOf(context.client_secret) } }
        : settings,
    bot: "conformance",
    configDirectory: folder,
    files: directoryFiles(folder),
    visit,
    ...(scenario.startsWith("elicitation") && { elicit: async () => ({ action: "accept" as const, content: {} }) }),
  });
  try {
    await connection.listTools();
    await calls[scenario]?.(connection);
    if (scenario.startsWith("auth/")) await connection.call("test-tool", {}, options());
    for (const { name, arguments: input } of context.toolCalls)
      await connection.call(name, input satisfies Json, options());
  } finally {
    await connection.close();
  }
}

function loginOf() {
  return context.client_id === undefined ? { clientId: DOCUMENT } : { clientId: context.client_id };
}

function secretOf(value: string): Secret {
  return new Secret(value, "the suite");
}

try {
  await play();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
