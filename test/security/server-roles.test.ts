/** Each role of process with a user of its own at Redis and PostgreSQL: what it may, and foreign rights that it tries. */
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { HistoryAnswer } from "../../adapters/web/protocol.ts";
import type { Role } from "../../cli/runtime/shared.ts";
import { freePort } from "../support/free-port.ts";
import { webhookReceiver } from "../support/webhook-receiver.ts";
import { send } from "../support/identity-server.ts";
import { EVERYBODYS_BANS, FOREIGN_KEYS, FOREIGN_TABLES, NOBODYS } from "./foreign-rights.ts";
import { ROLES, type RoleServers, startRoleServers, TRUSTED } from "./role-servers.ts";

/** Two servers and four processes: for `npm run test:security`. */
const isTried = process.env["SECURITY"] === "full";
/** Housekeeping comes once a minute; the rest is for slow machines. */
const PATIENCE = { timeout: 240_000, interval: 200 };
const NO_RIGHT = { code: "42501" };
const REFUSED = /NOPERM|can't run|can't access|can't publish|not allowed/u;

/** Divides by zero until old things were deleted, and the last of the columns that workers and gateway seal was looked at. */
const HOUSE_IS_KEPT = `SELECT 1 / (SELECT count(*) FROM owned_values WHERE owner = 'retention'),
  1 / (SELECT count(*) FROM sealing_progress WHERE name LIKE 'gateway%'),
  1 / (SELECT count(*) FROM sealing_progress WHERE name LIKE 'complaints%')`;

let servers: RoleServers;

const Said = z.object({ sessionId: z.string(), messageId: z.string() });

/** Somebody on the web page. */
function visitor(url: string) {
  let sessionId: string | undefined;
  const history = async () => {
    const { body } = await send(url, `/api/v1/chat/history?sessionId=${sessionId ?? ""}&limit=100`);
    return HistoryAnswer.parse(body).messages;
  };
  return {
    history,
    /** Gives the answer. */
    ask: async (text: string) => {
      const said = await send(url, "/api/v1/chat?wait=0", { body: { text, ...(sessionId && { sessionId }) } });
      const { messageId, ...session } = Said.parse(said.body);
      ({ sessionId } = session);
      return await vi.waitFor(async () => {
        const messages = await history();
        const answer = messages[messages.findIndex((one) => one.messageId === messageId) + 1];
        return answer?.role === "assistant" ? answer : expect.fail(`no answer yet to: ${text}`);
      }, PATIENCE);
    },
    reset: async () => await send(url, `/api/v1/sessions/${sessionId ?? ""}/reset`, { body: {} }),
    forget: async () => await send(url, `/api/v1/chat/session?sessionId=${sessionId ?? ""}`, { method: "DELETE" }),
  };
}

/** The code below a proposal. */
const codeOf = (answer: { readonly reply?: unknown }): string =>
  z.object({ proposal: z.object({ code: z.string() }) }).parse(answer.reply).proposal.code;

describe.runIf(isTried)("users of the servers", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    servers = await startRoleServers();
  }, 600_000);
  afterAll(async () => await servers.close(), 120_000);

  it("let whole conversations pass through three processes, and hold nothing of it back", async () => {
    const { telegram, redis } = servers;
    const ports = { workers: await freePort(), adapters: await freePort() };
    await servers.startAs("workers", ports.workers);
    await servers.startAs("adapters", ports.adapters);
    const { url = "" } = await servers.startAs("gateway");
    // A process of another machine that died: whoever finds it ends what it held.
    const gone = JSON.stringify({ machine: "lost", pid: 1, id: "gone", beat: 1 });
    redis.cli("HSET", "parley:{processes}", "gone", gone);

    const receiver = await webhookReceiver();
    const hook = { bot: "harbour", url: receiver.url, events: ["reply.sent", "execution.finished"] };
    expect(await send(url, "/api/v1/webhooks", { bearer: TRUSTED, body: hook })).toMatchObject({ status: 201 });

    const anna = visitor(url);
    await anna.ask("link ANNA-7K42");
    expect((await anna.ask("What does a replacement card cost?")).text).toContain("€9.00");
    await anna.ask("Which savings product suits me?");
    await anna.ask("remember that I like tea");
    const proposed = await anna.ask("Send 25 euros to Jana");
    expect((await anna.ask(`confirm ${codeOf(proposed)}`)).text).toContain("Done");
    expect((await anna.history()).length).toBeGreaterThanOrEqual(12);
    expect(await anna.reset()).toMatchObject({ status: 200 });
    await anna.ask("I want to complain");
    await anna.ask("talk to a human");
    expect(await anna.forget()).toMatchObject({ status: 204 });

    const ben = telegram.person("Ben");
    const seen = async (wanted: RegExp) =>
      await vi.waitFor(
        () => ben.sees().findLast(({ plain }) => wanted.test(plain)) ?? expect.fail(`${wanted} is not seen yet`),
        PATIENCE,
      );
    await ben.say("link ANNA-7K42");
    await seen(/now linked/u);
    const said = await ben.say("Send 25 euros to Jana");
    await ben.edit(said, "Send 26 euros to Jana");
    await seen(/26\.00/u);

    for (const at of [url, ...Object.values(ports).map((port) => `http://127.0.0.1:${port}`)]) {
      expect(await send(at, "/health/ready")).toMatchObject({ status: 200 });
      const { body } = await send(at, "/metrics", { bearer: TRUSTED });
      expect(body).toContain("parley_topic");
    }
    await vi.waitFor(() => {
      const told = receiver.got.map(({ body }) => z.object({ type: z.string() }).parse(JSON.parse(body)).type);
      expect(new Set(told)).toEqual(new Set(["reply.sent", "execution.finished"]));
      expect(redis.cli("HGET", "parley:{processes}", "gone")).toBe("");
    }, PATIENCE);
    // Old things are deleted, and secrets sealed anew, once a minute.
    await vi.waitFor(async () => await servers.asOwner(HOUSE_IS_KEPT), PATIENCE);
    expect([servers.refusals(), redis.cli("ACL", "LOG")]).toEqual([[], ""]);
    expect(servers.told.filter((line) => /permission|NOPERM|can't|"level":50/u.test(line))).toEqual([]);
  });

  it.each(ROLES.flatMap((role) => NOBODYS.map((statement) => [role, statement] as const)))(
    "PostgreSQL refuses %s: %s",
    async (role, statement) => {
      await expect(servers.asRole(role, statement)).rejects.toMatchObject(NO_RIGHT);
    },
  );

  it.each(FOREIGN_TABLES)("PostgreSQL lets %s, and not %s: %s", async (allowed, refused, statement) => {
    // Planned and not executed: rights are looked at all the same.
    await servers.asRole(allowed, `EXPLAIN ${statement}`);
    for (const role of refused) await expect(servers.asRole(role, statement)).rejects.toMatchObject(NO_RIGHT);
  });

  it.each(ROLES.flatMap((role) => EVERYBODYS_BANS.map((words) => [role, words.join(" "), words] as const)))(
    "Redis refuses %s: %s",
    async (role, _line, words) => {
      await expect(servers.command(role, words)).rejects.toThrow(REFUSED);
    },
  );

  it.each(FOREIGN_KEYS.map(([allowed, refused, ...words]) => [allowed, refused, words.join(" "), words] as const))(
    "Redis lets %s, and not %s: %s",
    async (allowed, refused, _line, words) => {
      expect(servers.redis.cli("ACL", "DRYRUN", `parley-${allowed}`, ...words)).toBe("OK");
      for (const role of refused) {
        await expect(servers.command(role, words)).rejects.toThrow(REFUSED);
        await expect(servers.command(role, inScript(words))).rejects.toThrow(REFUSED);
      }
    },
  );

  it("a gateway that serves MCP may do with tables what workers may, and keeps what is its own", async () => {
    await servers.grantForMcp();
    const both = FOREIGN_TABLES.filter(([allowed]) => allowed !== "adapters");
    for (const [, , statement] of both) await servers.asRole("gateway", `EXPLAIN ${statement}`);
    await expect(servers.asRole("gateway", "DELETE FROM bank_entries")).rejects.toMatchObject(NO_RIGHT);
    await expect(servers.asRole("adapters", "SELECT * FROM turns")).rejects.toMatchObject(NO_RIGHT);
  });

  it("each has a password of its own, and without one nothing is told", async () => {
    for (const role of ROLES) await expect(tell(role)).rejects.toThrow();
  });
});

/** The same from within a script, which names no key beforehand. */
function inScript(words: readonly string[]): readonly string[] {
  return ["EVAL", "return redis.call(unpack(ARGV))", "0", ...words];
}

/** Reads with another's password. */
async function tell(role: Role): Promise<unknown> {
  const client = new Redis(servers.redis.url, {
    username: `parley-${role}`,
    password: "of-another",
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    lazyConnect: true,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await client.get("parley:k:any");
  } finally {
    client.disconnect();
  }
}
