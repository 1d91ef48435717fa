import { inspect } from "node:util";
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

  it("names the file, the path, the value and the fault", () => {
    const { message } = issuesOf(withBot({ limits: { rate: { messages: "ten" } } }));
    expect(message).toContain("bots.config.ts has 1 problem");
    expect(message).toContain(
      'bots.harbour.limits.rate.messages: Invalid input: expected number, received string (found "ten")',
    );
  });

  it("reports every fault at once", () => {
    const { issues } = issuesOf(withBot({ locale: "not a tag", timeZone: "Mars/Base", burstMs: -1 }));
    expect(issues.map(({ path }) => path)).toEqual([
      "bots.harbour.burstMs",
      "bots.harbour.locale",
      "bots.harbour.timeZone",
    ]);
  });

  it("refuses a setting that does not exist", () => {
    const { issues } = issuesOf(withBot({ acess: {} }));
    expect(issues[0]).toMatchObject({ path: "bots.harbour.acess", message: "this setting does not exist" });
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
    expect(message).toContain("bots.harbour.accounts.0.settings.token: expected a secret by reference");
    expect(message).not.toContain("xoxb-123");
  });

  it("refuses two accounts of the same name on one platform, over all bots", () => {
    const { issues } = issuesOf({
      bots: { one: { name: "One", accounts: [account], crew }, two: { name: "Two", accounts: [account], crew } },
    });
    expect(issues[0]).toMatchObject({ path: "bots.two.accounts.0", message: "account quiet:main is configured twice" });
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
        path: "bots.harbour.policies.access.allowUsers",
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
