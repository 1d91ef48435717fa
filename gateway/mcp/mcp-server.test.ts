import { Client, type ElicitResult, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import * as sdk from "@modelcontextprotocol/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import type { Tool } from "../../core/tool.ts";
import { NOON, temporaryFolder, testEnvironment } from "../../test/support/bank-chat.ts";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { createToolset } from "../../tools/index.ts";
import type { Permission } from "../../core/permission.ts";
import type { Identities } from "../access/principal.ts";
import { principalOf } from "../access/roles.ts";
import { createGateway } from "../index.ts";
import { botServers, createMcpEndpoint, mcpRoutes } from "./index.ts";

let folder: ReturnType<typeof temporaryFolder>;
const closers: (() => Promise<void>)[] = [];
const done: string[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  done.length = 0;
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  folder.remove();
});

const tools: readonly Tool[] = [
  defineTool({
    name: "say_hours",
    description: "The opening hours.",
    input: z.strictObject({ day: z.string() }),
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "public",
    execute: async ({ day }) => ({ value: { day, open: "9 to 17" } }),
  }),
  defineTool({
    name: "say_secret",
    description: "Something private.",
    input: z.strictObject({}),
    risk: "low",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async (_input, { person }) => ({ value: { person } }),
  }),
  defineTool({
    name: "book_table",
    description: "Books a table.",
    input: z.strictObject({ guests: z.int() }),
    risk: "medium",
    confirmation: "always",
    scopes: ["public"],
    depends: "user",
    propose: async ({ guests }) => ({ summary: `A table for ${guests}` }),
    execute: async ({ guests }) => {
      done.push(`table for ${guests}`);
      return { value: { message: `Booked for ${guests}.` } };
    },
  }),
  defineTool({
    name: "write_to",
    description: "Writes to somebody whom the person named.",
    input: z.strictObject({ name: z.string() }),
    slots: { name: { entity: "text", provenance: "own-words" } },
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "user",
    execute: async ({ name }) => {
      done.push(`wrote to ${name}`);
      return { value: "written" };
    },
  }),
];

interface Access {
  readonly accessToken?: () => string;
  readonly trustedToken?: () => string;
  readonly identities?: Identities;
}

async function start(access: Access = {}) {
  const clock = { now: NOON };
  const environment = testEnvironment(clock);
  const store = await openSqliteStore(folder.path);
  const toolset = await createToolset({
    bot: "harbour",
    tools,
    databases: sqliteDatabases(folder.path),
    files: directoryFiles(folder.path),
    environment,
    telemetry: silentTelemetry,
  });
  const create = botServers(sdk, {
    bot: () => ({ id: "harbour", name: "Harbour", locale: "en", toolset }),
    environment,
    store,
    stateKey: new Uint8Array(32).fill(7),
  });
  const endpoint = createMcpEndpoint(sdk, create);
  const gateway = await createGateway({
    host: "127.0.0.1",
    port: 0,
    ...access,
    routes: mcpRoutes({ bots: ["harbour"], endpoint: async () => endpoint }),
    sockets: [],
    readiness: async () => ({ ready: true, parts: [] }),
    metrics: async () => ({ contentType: "text/plain", body: "" }),
    version: "0.0.0",
    newId: environment.newId,
    log: silentTelemetry.log,
  });
  closers.push(store.close, toolset.close, endpoint.close, gateway.close);
  return `${gateway.url}/mcp`;
}

type Era = "legacy" | "auto";

async function connected(
  url: string,
  era: Era,
  options: {
    readonly headers?: Record<string, string>;
    readonly elicit?: (message: string) => ElicitResult;
  } = {},
): Promise<Client> {
  const { elicit, headers = {} } = options;
  const client = new Client(
    { name: "test", version: "1" },
    { capabilities: elicit === undefined ? {} : { elicitation: {} }, versionNegotiation: { mode: era } },
  );
  if (elicit !== undefined)
    client.setRequestHandler("elicitation/create", async ({ params }) => elicit(params.message));
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  closers.push(async () => await client.close());
  return client;
}

const confirmed = (message: string): ElicitResult => {
  done.push(`asked: ${message}`);
  return { action: "accept", content: { confirm: true } };
};
const textOf = (result: { readonly content: readonly unknown[] }): string => JSON.stringify(result.content);

describe.each<Era>(["legacy", "auto"])("the bot's tools for a client (%s)", (era) => {
  it("are listed with what they change, and give text and data", async () => {
    const client = await connected(await start(), era);
    const { tools: listed } = await client.listTools();
    expect(listed.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ["say_hours", true],
      ["say_secret", true],
      ["book_table", false],
      ["write_to", true],
    ]);
    const result = await client.callTool({ name: "say_hours", arguments: { day: "Monday" } });
    expect(result.structuredContent).toEqual({ day: "Monday", open: "9 to 17" });
    expect(await client.callTool({ name: "say_hours", arguments: { day: 7 } })).toMatchObject({ isError: true });
  });

  it("are confirmed by the person, and only then done", async () => {
    const client = await connected(await start(), era, { elicit: confirmed });
    const result = await client.callTool({ name: "book_table", arguments: { guests: 4 } });
    expect(textOf(result)).toContain("Booked for 4.");
    expect(done).toEqual(["asked: A table for 4", "table for 4"]);
  });

  it.each<ElicitResult>([
    { action: "decline" },
    { action: "cancel" },
    { action: "accept", content: { confirm: false } },
    { action: "accept", content: { confirm: "yes" } },
  ])("are not done after %o", async (answer) => {
    const client = await connected(await start(), era, { elicit: () => answer });
    await client.callTool({ name: "book_table", arguments: { guests: 4 } }).catch(() => undefined);
    expect(done).toEqual([]);
  });

  it("are not done where the client cannot ask", async () => {
    const client = await connected(await start(), era);
    const result = await client.callTool({ name: "book_table", arguments: { guests: 4 } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("Nothing was done");
    expect(done).toEqual([]);
  });

  it("take a name from the person's own words alone", async () => {
    const asked: string[] = [];
    const elicit = (message: string): ElicitResult => {
      asked.push(message);
      return { action: "accept", content: { words: "Please write to Jana" } };
    };
    const client = await connected(await start(), era, { elicit });
    expect(await client.callTool({ name: "write_to", arguments: { name: "Mallory" } })).toMatchObject({
      isError: true,
    });
    expect(await client.callTool({ name: "write_to", arguments: { name: "Jana" } })).not.toMatchObject({
      isError: true,
    });
    expect(done).toEqual(["wrote to Jana"]);
    expect(asked[0]).toContain("own words");
  });
});

describe("who calls", () => {
  const headers = (token: string, user?: string): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    ...(user !== undefined && { "x-parley-user": user }),
  });
  const tokens = { accessToken: () => "access-token-1", trustedToken: () => "trusted-token-1" };

  it("needs the gateway's own token", async () => {
    const url = await start(tokens);
    await expect(connected(url, "auto")).rejects.toThrow();
    await expect(connected(url, "auto", { headers: headers("another-servers-token") })).rejects.toThrow();
  });

  it("is nobody in particular without a name, and cannot call what is private", async () => {
    const client = await connected(await start(tokens), "auto", { headers: headers("access-token-1") });
    expect(await client.callTool({ name: "say_hours", arguments: { day: "x" } })).not.toMatchObject({ isError: true });
    expect(await client.callTool({ name: "say_secret", arguments: {} })).toMatchObject({ isError: true });
  });

  it("is a named user only by the trusted token", async () => {
    const url = await start(tokens);
    await expect(connected(url, "auto", { headers: headers("access-token-1", "anna") })).rejects.toThrow();
    const client = await connected(url, "auto", { headers: headers("trusted-token-1", "anna") });
    const { structuredContent } = await client.callTool({ name: "say_secret", arguments: {} });
    expect(JSON.stringify(structuredContent)).toContain("anna");
  });

  /** Anna, who has the keys of these names, each with its scopes, and is logged in by `session`. */
  const identities = (keys: Readonly<Record<string, readonly Permission[]>>): Identities => ({
    authenticate: async ({ bearer = "" }) => {
      const anna = { id: "1", userId: "anna", grants: [{ bot: "*", role: "customer" }] } as const;
      if (bearer === "session") return principalOf({ ...anna, by: "session" });
      const scopes = keys[bearer];
      return scopes && principalOf({ ...anna, by: "api-key", limits: { bot: "*", scopes: new Set(scopes) } });
    },
    current: async () => undefined,
    isManaged: async () => true,
  });
  const keys = {
    tools: ["tools:use"],
    deciding: ["tools:use", "actions:decide"],
    person: ["tools:use", "actions:decide", "chat:use"],
  } as const;

  it.each(["tools", "deciding"] as const)(
    "by a key of a program (%s) neither decides nor speaks nor is shown what is private",
    async (key) => {
      const url = await start({ identities: identities(keys) });
      const elicit = (message: string): ElicitResult =>
        message.includes("own words") ? { action: "accept", content: { words: "Write to Jana" } } : confirmed(message);
      const client = await connected(url, "auto", { headers: headers(key), elicit });
      expect(await client.callTool({ name: "say_hours", arguments: { day: "x" } })).not.toMatchObject({
        isError: true,
      });
      for (const [name, input] of [
        ["say_secret", {}],
        ["book_table", { guests: 4 }],
        ["write_to", { name: "Jana" }],
      ] as const)
        expect(await client.callTool({ name, arguments: input })).toMatchObject({ isError: true });
      expect(done).toEqual([]);
    },
  );

  it.each(["person", "session"])(
    "is a person by a session, or a key with all that a chat takes (%s)",
    async (bearer) => {
      const url = await start({ identities: identities(keys) });
      const client = await connected(url, "auto", { headers: headers(bearer), elicit: confirmed });
      const { structuredContent } = await client.callTool({ name: "say_secret", arguments: {} });
      expect(JSON.stringify(structuredContent)).toContain("anna");
      await client.callTool({ name: "book_table", arguments: { guests: 4 } });
      expect(done).toEqual(["asked: A table for 4", "table for 4"]);
    },
  );

  it("is whoever sits at the machine only until there is an owner", async () => {
    let isManaged = false;
    const url = await start({ identities: { ...identities({}), isManaged: async () => isManaged } });
    const secret = async () => await (await connected(url, "auto")).callTool({ name: "say_secret", arguments: {} });
    expect(await secret()).not.toMatchObject({ isError: true });
    isManaged = true;
    expect(await secret()).toMatchObject({ isError: true });
  });

  it("owns their session: it is not found for another user", async () => {
    const url = await start(tokens);
    const post = async (user: string, more: Record<string, string>, body: object) =>
      await fetch(url, {
        method: "POST",
        headers: {
          ...headers("trusted-token-1", user),
          accept: "application/json, text/event-stream",
          "content-type": "application/json",
          ...more,
        },
        body: JSON.stringify(body),
      });
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
    const opened = await post("anna", {}, { jsonrpc: "2.0", id: 1, method: "initialize", params });
    const session = opened.headers.get("mcp-session-id") ?? "";
    await opened.text();
    expect(session).toMatch(/^[0-9a-f-]{36}$/u);
    const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
    const own = await post("anna", { "mcp-session-id": session }, list);
    expect([own.status, (await own.text()).includes("say_hours")]).toEqual([200, true]);
    expect((await post("boris", { "mcp-session-id": session }, list)).status).toBe(404);
  });

  it("cannot be a page of another origin, or of a name that is not this server's", async () => {
    const url = await start();
    const call = async (more: Record<string, string>) =>
      (await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...more }, body: "{}" }))
        .status;
    expect(await call({ origin: "https://evil.example" })).toBe(403);
  });
});
