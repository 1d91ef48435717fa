import { inspect } from "node:util";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineAdapter } from "../adapter-binding.ts";
import type { ConfigInput } from "./index.ts";
import { ConfigError, describeConfig, env, file, needsRestart, planChanges, secret, validateConfig } from "./index.ts";
import { quietAdapter } from "../../test/support/quiet-adapter.ts";

const sources = {
  environment: { CHAT_TOKEN: "s3cret-value" },
  readFile: () => "from-a-file\n",
};
const adapter = defineAdapter({ ...quietAdapter, configSchema: z.strictObject({ token: secret() }) });
const account = { adapter, name: "main", settings: { token: env("CHAT_TOKEN") } };
const crew = { name: "echo", summary: {}, open: async () => await Promise.reject(new Error("not opened here")) };
const valid: ConfigInput = { bots: { harbour: { name: "Harbour", accounts: [account], crew } } };

function issuesOf(exported: unknown): ConfigError {
  try {
    validateConfig(exported, "bots.config.ts", sources);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
  }
  throw new Error("the configuration was accepted");
}

const withBot = (settings: object): unknown => ({
  bots: { harbour: { name: "Harbour", accounts: [account], crew, ...settings } },
});

describe("configuration", () => {
  it("fills in the documented defaults", () => {
    const { bots, gateway, broker } = validateConfig(valid, "bots.config.ts", sources);
    expect(bots["harbour"]?.policies.limits.rate).toEqual({ messages: 10, perSeconds: 60 });
    expect(gateway).toMatchObject({ host: "127.0.0.1", port: 8080 });
    expect(broker.kind).toBe("embedded");
  });

  it("offers the commands of its packs where it names none", () => {
    const open = async () => await Promise.reject(new Error("not opened here"));
    const commands = [{ name: "books", description: "What we have" }];
    const tools = [{ name: "library", summary: {}, commands, open }];
    const namesOf = (settings: object) => {
      const { bots } = validateConfig(withBot(settings), "bots.config.ts", sources);
      return bots["harbour"]?.policies.commands.map(({ name }) => name);
    };
    expect(namesOf({ tools })).toEqual(["start", "help", "books", "reset"]);
    expect(namesOf({ tools, commands: [{ name: "hours", description: "When" }] })).toEqual(["hours"]);
  });

  it("takes requests of the bot's own, each with one thing that is done about it", () => {
    const examples = ["when are you open", "habt ihr offen?"];
    const hours = { "opening hours": { examples, answer: "From 9 to 5." } };
    const { bots } = validateConfig(withBot({ intents: hours }), "bots.config.ts", sources);
    expect(bots["harbour"]?.intents).toEqual(hours);
    const faulty = {
      nothing: { examples },
      both: { examples, answer: "Yes.", documents: true },
      mute: { answer: "Yes." },
    };
    const { message } = issuesOf(withBot({ intents: faulty }));
    expect(message).toContain("bots.harbour.intents.nothing: needs answer, tool or documents: true");
    expect(message).toContain("bots.harbour.intents.both: has answer and documents: one of them is enough");
    expect(message).toContain("bots.harbour.intents.mute.examples: ");
  });

  it("names the file, the path, the value and the fault", () => {
    const { message } = issuesOf(withBot({ limits: { rate: { messages: "ten" } } }));
    expect(message).toContain("bots.config.ts has 1 problem");
    expect(message).toContain(
      'bots.harbour.limits.rate.messages: expected a whole number of at least 1 (found "ten")\n' +
        "    fix: Write a whole number of at least 1. Left out, it is 10.",
    );
  });

  it("reports every fault at once", () => {
    const { issues } = issuesOf(withBot({ locale: "german", timeZone: "Mars/Base", burstMs: -1 }));
    expect(issues.map(({ path }) => path)).toEqual([
      "bots.harbour.burstMs",
      "bots.harbour.locale",
      "bots.harbour.timeZone",
    ]);
  });

  it("refuses a setting that does not exist", () => {
    const { issues } = issuesOf(withBot({ acess: {} }));
    expect(issues[0]).toMatchObject({
      path: "bots.harbour.acess",
      message: "this setting does not exist",
      fix: "Did you mean access?",
    });
  });

  it("says which variable is missing and how to set it, without inventing a value", () => {
    const missing = { adapter, name: "main", settings: { token: env("NO_SUCH_TOKEN") } };
    const { issues } = issuesOf(withBot({ accounts: [missing] }));
    expect(issues[0]).toMatchObject({ message: "environment variable NO_SUCH_TOKEN is not set" });
    expect(issues[0]?.fix).toContain(".env");
  });

  it("refuses a literal secret and does not print it", () => {
    const literal = { adapter, name: "main", settings: { token: "xoxb-123" } };
    const { message } = issuesOf(withBot({ accounts: [literal] }));
    expect(message).toContain("bots.harbour.accounts.0.token: expected a secret by reference");
    expect(message).not.toContain("xoxb-123");
  });

  it("refuses two accounts of the same name on one platform, over all bots", () => {
    const { issues } = issuesOf({
      bots: { one: { name: "One", accounts: [account], crew }, two: { name: "Two", accounts: [account], crew } },
    });
    expect(issues[0]).toMatchObject({ path: "bots.two.accounts.0", message: "account quiet:main is configured twice" });
  });

  it("refuses an adapter whose platform's name cannot be part of an address", () => {
    const misnamed = { ...adapter, manifest: { ...adapter.manifest, platform: "Bad Name:x/y" } };
    const { issues } = issuesOf(withBot({ accounts: [{ ...account, adapter: misnamed }] }));
    expect(issues[0]).toMatchObject({
      path: "bots.harbour.accounts.0",
      message: expect.stringContaining('"Bad Name:x/y"'),
    });
  });

  it("refuses to listen where other machines can reach it without an access token", () => {
    const { issues } = issuesOf({ ...valid, gateway: { host: "0.0.0.0" } });
    expect(issues[0]).toMatchObject({ path: "gateway.host", value: '"0.0.0.0"' });
    const safe = { ...valid, gateway: { host: "0.0.0.0", accessToken: env("CHAT_TOKEN") } };
    expect(validateConfig(safe, "bots.config.ts", sources).gateway.host).toBe("0.0.0.0");
  });

  it("lets PORT, HOST and PARLEY_DATA of the environment win, and names a PORT that is none", () => {
    const at = (environment: Record<string, string>) =>
      validateConfig(valid, "bots.config.ts", { ...sources, environment: { ...sources.environment, ...environment } });
    expect(at({ PORT: "9001", HOST: "127.0.0.2" }).gateway).toMatchObject({ port: 9001, host: "127.0.0.2" });
    expect(at({ PARLEY_DATA: "/tmp/elsewhere" }).dataDirectory).toBe("/tmp/elsewhere");
    expect(() => at({ PORT: "http" })).toThrow('PORT: the environment variable is no port (found "http")');
  });

  it("explains an empty file", () => {
    expect(issuesOf(undefined).issues).toHaveLength(1);
    expect(issuesOf({ bots: {} }).message).toContain("name at least one bot");
  });
});

describe("secrets", () => {
  it("never appear in JSON, strings or inspection", () => {
    const config = validateConfig({ ...valid, gateway: { accessToken: file("token") } }, "bots.config.ts", sources);
    const token = config.gateway.accessToken;
    expect(token?.reveal()).toBe("from-a-file");
    expect(`${String(token)} ${JSON.stringify(config.gateway)} ${inspect(config.gateway)}`).not.toContain(
      "from-a-file",
    );
    expect(JSON.stringify(describeConfig(config))).not.toMatch(/s3cret|from-a-file/u);
  });
});

describe("plan", () => {
  const load = (input: ConfigInput) => describeConfig(validateConfig(input, "bots.config.ts", sources));

  it("is empty when nothing changes", () => {
    expect(planChanges(load(valid), load(valid))).toEqual([]);
  });

  it("says who gains or loses access and that no restart is needed", () => {
    const after = load({
      bots: { harbour: { name: "Harbour", accounts: [account], crew, access: { allowUsers: ["u1"] } } },
    });
    const changes = planChanges(load(valid), after);
    expect(changes).toEqual([
      {
        path: "bots.harbour.access.allowUsers",
        kind: "changed",
        before: "[]",
        after: '["u1"]',
        effect: "changes who is answered, from the next message on",
      },
    ]);
    expect(needsRestart(changes)).toBe(false);
  });

  it("says when the process must start anew", () => {
    const changes = planChanges(load(valid), load({ ...valid, gateway: { port: 9000 } }));
    expect(needsRestart(changes)).toBe(true);
  });
});

describe("a fix", () => {
  const fixes = (gateway: unknown): readonly string[] => {
    try {
      validateConfig({ ...valid, gateway }, "bots.config.ts", sources);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      return thrown.issues.map(({ path, message, fix }) => `${path}: ${message}. ${fix}`);
    }
  };

  it("has the brackets of a list, for one entry and as an example", () => {
    expect(fixes({ trustedProxies: "10.0.0.5" })).toEqual([expect.stringContaining("Put it into brackets: [ … ].")]);
    expect(fixes({ trustedProxies: true })).toEqual([expect.stringContaining('Write trustedProxies: ["10.0.0.0/8"].')]);
    expect(fixes({ trustedProxies: ["10.0.0.0/8"] })).toEqual([]);
  });

  it("names files of TLS that are not there", () => {
    expect(fixes({ tls: { certificate: "a.pem", key: "b.pem" } })).toEqual([
      expect.stringMatching(/^gateway\.tls\.certificate: there is no such file\. Create .*a\.pem/u),
      expect.stringMatching(/^gateway\.tls\.key: there is no such file\. Create .*b\.pem/u),
    ]);
  });
});

describe("web-and-operations D: configuration errors", () => {
  const messageOf = (exported: unknown, environment: Record<string, string> = {}): string => {
    try {
      validateConfig(exported, "bots.config.ts", {
        ...sources,
        environment: { ...sources.environment, ...environment },
      });
    } catch (thrown) {
      if (thrown instanceof ConfigError) return thrown.message;
    }
    throw new Error("the configuration was accepted");
  };
  const redis = (url: unknown): unknown => ({ ...valid, broker: { kind: "redis", url } });

  it("what is no address is one error, whatever else is asked of it", () => {
    const openId = { issuer: "nope", clientId: "parley", clientSecret: env("CHAT_TOKEN") };
    for (const [path, more] of [
      ["gateway.openId.issuer", { gateway: { openId } }],
      ["network.proxy", { network: { proxy: "user:password@proxy" } }],
    ] as const)
      expect(issuesOf({ ...valid, ...more }).issues.map((one) => one.path)).toEqual([path]);
  });

  it("a missing secret is one error, also where several settings go with it", () => {
    const needsBoth = z
      .strictObject({ user: secret().optional(), password: secret().optional() })
      .refine(({ user, password }) => (user === undefined) === (password === undefined), "give both or none");
    const both = defineAdapter({ ...quietAdapter, configSchema: needsBoth });
    const settings = { user: env("CHAT_TOKEN"), password: env("CHAT_TOKN") };
    const { issues } = issuesOf(withBot({ accounts: [{ adapter: both, name: "main", settings }] }));
    expect(issues).toEqual([
      {
        file: "bots.config.ts",
        path: "bots.harbour.accounts.0.password",
        message: "environment variable CHAT_TOKN is not set",
        fix: "Set CHAT_TOKN in the environment or in .env beside the config. CHAT_TOKEN is set: did you mean that?",
      },
    ]);
    expect(issuesOf(redis(env("NO_REDIS"))).issues).toHaveLength(1);
    expect(issuesOf({ ...valid, network: { proxy: env("NO_PROXY_HERE") } }).issues).toHaveLength(1);
  });

  it.each([
    "notaurl",
    "http://127.0.0.1:6379",
    "redis://",
    "redis://:6379",
    "redis://host:port",
    "redis://:a/b@host",
    "redis://host:99999",
  ])(
    "refuses %s as an address of Redis, written out or by reference, without repeating a reference's value",
    (address) => {
      const byReference = messageOf(redis(env("REDIS_URL")), { REDIS_URL: address });
      expect(byReference).toMatch(/broker\.url: what stands in REDIS_URL (?:is no|cannot|names no|has a)/u);
      expect(byReference).toMatch(/fix: Write it as redis:\/\/host:6379/u);
      expect(byReference).not.toContain(`"${address}"`);
      expect(messageOf(redis(address))).toContain("broker.url: the address");
    },
  );

  it.each([
    "redis://127.0.0.1:6379",
    "rediss://user:p%40ss@redis.example",
    "redis://:secret@[::1]:6380/2",
    "redis://h?family=6",
  ])("takes %s", (address) => {
    expect(validateConfig(redis(address), "bots.config.ts", sources).broker).toMatchObject({ url: address });
  });

  it("names what cannot be read, with its path, beside all other faults", () => {
    const ring: Record<string, unknown> = { mentions: true };
    ring["more"] = ring;
    const getter = Object.defineProperty({}, "rateLimit", {
      enumerable: true,
      get: () => {
        throw new Error("not now");
      },
    });
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError("no keys");
        },
      },
    );
    const { issues } = issuesOf(withBot({ name: 7, mention: ring, limits: getter, access: proxy, intents: [proxy] }));
    const told = issues.map(({ path, message }) => `${path}: ${message}`);
    expect(told).toContain("bots.harbour.mention.more: holds itself");
    expect(told).toContain("bots.harbour.limits.rateLimit: cannot be read: not now");
    expect(told).toContain("bots.harbour.access: cannot be read: no keys");
    expect(told).toContain("bots.harbour.intents.0: cannot be read: no keys");
    expect(told.some((one) => one.startsWith("bots.harbour.name:"))).toBe(true);
    expect(issues.every(({ file: where, fix }) => where === "bots.config.ts" && fix !== "")).toBe(true);
    expect(issuesOf(proxy).issues[0]).toMatchObject({ path: "", message: "cannot be read: no keys" });
  });

  it("takes the same object in two places", () => {
    const limits = { rate: { messages: 3 } };
    const one = { name: "One", crew, accounts: [account], limits };
    const two = { name: "Two", crew, accounts: [{ ...account, name: "second" }], limits };
    const config = validateConfig({ bots: { one, two } }, "bots.config.ts", sources);
    expect(config.bots["two"]?.policies.limits.rate).toEqual(config.bots["one"]?.policies.limits.rate);
  });

  it("tells faults of accounts beside those of the file", () => {
    const faulty = { adapter, name: "", settings: { token: env("CHAT_TOKEN"), tokn: 1, messagePerSecond: 3 } };
    const { issues } = issuesOf({ ...Object(withBot({ accounts: [faulty], burstMs: "400" })), gatway: {} });
    expect(issues.map(({ path, fix }) => `${path}: ${fix}`)).toEqual([
      "bots.harbour.burstMs: Write 400 without quotes. Left out, it is 0.",
      "gatway: Did you mean gateway?",
      "bots.harbour.accounts.0.name: Write a text of 1 to 100 characters.",
      "bots.harbour.accounts.0.tokn: Did you mean token?",
      "bots.harbour.accounts.0.messagePerSecond: Did you mean messagesPerSecond?",
    ]);
  });

  it("says where a name belongs that stands in the wrong place", () => {
    expect(issuesOf({ ...valid, port: 9000 }).issues[0]?.fix).toBe("It belongs in gateway: { port }.");
    expect(issuesOf(withBot({ budget: {} })).issues[0]?.fix).toBe("It belongs in bots.<id>.limits: { budget }.");
  });

  it.each([
    [{ perUserTokens: 5 }, "perUserTokens", "Write user: { tokens }."],
    [
      { perUserMicroDollars: 5 },
      "perUserMicroDollars",
      "Write user: { dollars }, in dollars instead of millionths of one.",
    ],
    [
      { perBotMicroDollars: 5 },
      "perBotMicroDollars",
      "Write bot: { dollars }, in dollars instead of millionths of one.",
    ],
    [{ person: { tokens: 5 } }, "person", "Take it away. There is: user, chat, bot, warnAt, whenSpent."],
    [{ user: {} }, "user", "Write user: { dollars: 0.5 }."],
    [{ chat: { dollars: 0 } }, "chat.dollars", "Write dollars: 0.5."],
    [{ warnAt: 80 }, "warnAt", "Write at most 1. Left out, it is 0.8."],
    [{ whenSpent: "refused" }, "whenSpent", 'Did you mean "refuse"? Left out, it is "embedded".'],
  ])("says how a budget is written instead of %j", (budget, path, fix) => {
    const { issues } = issuesOf(withBot({ limits: { budget } }));
    expect(issues).toMatchObject([{ path: `bots.harbour.limits.budget.${path}`, fix }]);
  });

  it.each([
    ["123456789:AAF-kl2m3n4o5p6q7r8s9t0u1v2w3x4y5z6", "whileBusy"],
    ["xoxb-1234-5678-abcdef", "locale"],
    ["sk-ant-api03-abcdefgh", "timeZone"],
    ["https://user:hunter2@proxy.example", "persona"],
    ["hunter2hunter2hunter2hunter2", "name"],
  ])("never shows %s, whichever setting it was put into", (text, path) => {
    const value = path === "persona" || path === "name" ? [text] : text;
    expect(messageOf(withBot({ [path]: value }))).not.toContain(text.slice(0, 12));
    expect(messageOf(withBot({ accounts: [text] }))).not.toContain(text.slice(0, 12));
  });
});

describe("tools of LangChain in a configuration", () => {
  const forecast = tool(async () => "clear", {
    name: "get_forecast",
    description: "Gives the weather.",
    schema: z.object({ city: z.string() }),
  });

  it("are taken as they are, beside tool packs", () => {
    const open = async () => await Promise.reject(new Error("not opened here"));
    const tools = [forecast, { name: "library", summary: {}, open }];
    const config: ConfigInput = { bots: { harbour: { name: "Harbour", accounts: [account], crew, tools } } };
    const loaded = validateConfig(config, "bots.config.ts", sources);
    expect(loaded.bots["harbour"]?.tools.map(({ name }) => name)).toEqual(["get_forecast", "library"]);
    expect(describeConfig(loaded)).toMatchObject({
      bots: { harbour: { tools: { get_forecast: { kind: "tool", readOnly: false } } } },
    });
  });

  it.each([
    ["a vector store", { asRetriever: () => ({}) }, "Write store.asRetriever()."],
    ["a toolkit", { getTools: () => [] }, "Write ...toolkit.getTools()."],
    ["a promise of tools", Promise.resolve([]), "Write await tools."],
    ["a list of tools", [forecast], "Write ...tools."],
    [
      "a chat model",
      { invoke: (): string => "", bindTools: (): string => "" },
      'Write crew({ model: "openai:gpt-5.5" }).',
    ],
    ["a runnable without a schema", { invoke: (): string => "" }, "Write runnable.asTool({ name, schema })."],
    ["a function", () => "", undefined],
    ["a name", "get_forecast", "Write documents({ directory })."],
  ])("are told from %s, with where it stands and what to write", (_what, entry, fix) => {
    const { issues } = issuesOf(withBot({ tools: [forecast, entry] }));
    expect(issues).toMatchObject([{ path: "bots.harbour.tools.1", ...(fix !== undefined && { fix }) }]);
  });

  it("have names that models can call", () => {
    const named = Object.assign(Object.create(forecast), { name: "my tool!" });
    expect(issuesOf(withBot({ tools: [named] })).issues).toMatchObject([
      { path: "bots.harbour.tools.0.name", fix: expect.stringContaining("langchain(") },
    ]);
  });
});
