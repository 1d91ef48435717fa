import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { quietAdapter } from "../../test/support/quiet-adapter.ts";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import { createSpool } from "../../core/attachments/index.ts";
import type { AccountConfig, CrewFactory } from "../../core/bot.ts";
import type { Broker } from "../../core/broker/broker.ts";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { BrokerUnavailableError } from "../../core/broker/errors.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { createConversationLife } from "../../core/conversation/index.ts";
import { env } from "../../core/config/index.ts";
import { Secret, secret } from "../../core/config/secret.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { connectAccount } from "./connect-account.ts";
import { openNetwork } from "./open-network.ts";
import { systemEnvironment } from "./system-environment.ts";

const crew: CrewFactory = {
  name: "none",
  summary: {},
  open: async () => await Promise.reject(new Error("no turn is run here")),
};

describe("web-and-operations B: an account that connects while its broker fails", () => {
  it.each(["shared", "exclusive"] as const)(
    "closes the session it opened before it opens another (%s)",
    async (connection) => {
      const sessions = { opened: 0, closed: 0, most: 0 };
      const adapter = defineAdapter({
        ...quietAdapter,
        connection: () => connection,
        connect: async (context) => {
          const session = await quietAdapter.connect(context);
          sessions.opened += 1;
          sessions.most = Math.max(sessions.most, sessions.opened - sessions.closed);
          return {
            ...session,
            close: async () => {
              await session.close();
              sessions.closed += 1;
            },
          };
        },
      });
      const { connected, close } = await connect(adapter);
      await expect.poll(() => connected.health().state).toBe("live");
      expect(sessions).toEqual({ opened: 3, closed: 2, most: 1 });
      await connected.close();
      expect(sessions.closed).toBe(3);
      await close();
    },
  );
});

describe("platforms L: an account that cannot connect where a proxy is set", () => {
  it("says through which proxy it is reached, without its password", async () => {
    const adapter = defineAdapter({
      ...quietAdapter,
      addresses: () => [{ what: "calls", address: "https://api.example" }],
      connect: async () => await Promise.reject(new Error("refused")),
    });
    const { connected, close } = await connect(adapter, { proxy: env("OUTGOING") });
    const { remedy } = connected.health();
    expect(remedy).toContain("calls api.example through http://127.0.0.1:9");
    expect(remedy).not.toContain("geheim");
    await close();
  });
});

describe("an account whose adapter misbehaves", () => {
  it("shows no secret of its settings, whatever the platform's library says", async () => {
    const adapter = defineAdapter({
      ...quietAdapter,
      configSchema: z.object({ token: secret() }),
      connect: async () => await Promise.reject(new Error("401 for https://chat.example/bot-s3cr3t-token/me")),
    });
    const { connected, close } = await connect(adapter, {}, { token: new Secret("bot-s3cr3t-token", "TOKEN") });
    expect(connected.health()).toMatchObject({
      state: "down",
      detail: "Error: 401 for https://chat.example/[secret]/me",
    });
    await connected.close();
    await close();
  });

  it.each([
    ["throws", () => expect.fail("no health today")],
    ["is of another shape", () => JSON.parse('{"state":"great","detail":{}}')],
  ])("is down where its health %s, and costs nobody else", async (_how, health) => {
    const adapter = defineAdapter({
      ...quietAdapter,
      connect: async (context) => ({ ...(await quietAdapter.connect(context)), health }),
    });
    const { connected, close } = await connect(adapter);
    await expect
      .poll(() => connected.health())
      .toMatchObject({ state: "down", detail: expect.stringContaining("could not tell its health") });
    await connected.close();
    await close();
  });

  it("keeps nobody from starting where it never connects", async () => {
    const adapter = defineAdapter({
      ...quietAdapter,
      connection: () => "shared",
      connect: async () => await new Promise<never>(() => {}),
    });
    const { connected, close } = await connect(adapter);
    expect(connected.health()).toMatchObject({ state: "starting" });
    await connected.close();
    await close();
  });
});

/** One account of the adapter, connected by a broker that fails twice. */
async function connect(adapter: AccountConfig["adapter"], network: object = {}, settings: object = {}) {
  const directory = await mkdtemp(join(tmpdir(), "parley-connect-"));
  const account = { adapter, name: "main", settings };
  const exported = {
    bots: { quiet: { name: "Quiet", accounts: [account], crew, tools: [] } },
    dataDirectory: directory,
    network,
  };
  const environment = { OUTGOING: "http://ann:geheim@127.0.0.1:9" };
  const config = validateConfig(exported, "bots.config.ts", { environment, readFile: () => "" });
  const loaded = { config, file: "bots.config.ts", directory };
  const parts = { environment: systemEnvironment(), telemetry: silentTelemetry };
  const store = await openSqliteStore(directory);
  const broker = failingTwice(createEmbeddedBroker({ path: join(directory, "broker.sqlite"), ...parts }));
  const bot = config.bots["quiet"];
  if (bot === undefined) throw new Error("the bot is not there");
  const connected = await connectAccount(
    { account, bot, onConnected: () => undefined },
    {
      ...parts,
      loaded,
      store,
      broker,
      conversations: createConversationLife({
        store,
        broker,
        environment: parts.environment,
        telemetry: silentTelemetry,
        withdraw: async () => {},
        erase: async () => {},
      }),
      bots: {
        find: () => undefined,
        all: () => [],
        served: () => [],
        routes: () => [],
        check: async () => [],
        startWork: () => undefined,
        prune: async () => ({}),
        reload: async () => {},
        close: async () => {},
      },
      files: directoryFiles(directory),
      spool: createSpool({
        files: directoryFiles(directory),
        incoming: join(directory, "incoming"),
        environment: parts.environment,
      }),
      network: await openNetwork(loaded),
    },
  );
  return {
    connected,
    close: async () => {
      await connected.close();
      await broker.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Its first two subscriptions find no server. */
function failingTwice(broker: Broker): Broker {
  let failures = 0;
  return {
    ...broker,
    subscribe: async (topic, listener) => {
      failures += 1;
      if (failures <= 2) throw new BrokerUnavailableError("subscribe");
      return await broker.subscribe(topic, listener);
    },
  };
}
