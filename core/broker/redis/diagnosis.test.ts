import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { createRedisBroker } from "./redis-broker.ts";

const PASSWORD = "s3cret@w:or/d#!";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("web-and-operations B: what an unreachable Redis says", () => {
  let port = 0;
  const ends: (() => void)[] = [];

  beforeAll(async () => {
    port = await freePort();
    const child = spawn(
      "redis-server",
      ["--port", String(port), "--save", "", "--requirepass", PASSWORD, "--maxmemory-policy", "noeviction"],
      { stdio: "ignore" },
    );
    ends.push(() => child.kill("SIGKILL"));
  });
  afterAll(() => {
    for (const end of ends) end();
  });

  const open = (connection: string) =>
    createRedisBroker({
      connection,
      prefix: `t${randomUUID().slice(0, 8)}`,
      environment: { clock: Date.now, newId: randomUUID, random: Math.random },
      telemetry: silentTelemetry,
      connectTimeoutMs: 4_000,
    });
  const failure = async (connection: string): Promise<{ readonly code: string; readonly message: string }> => {
    try {
      await (await open(connection)).close();
    } catch (thrown) {
      if (thrown instanceof Error && "code" in thrown) return { code: String(thrown.code), message: thrown.message };
      throw thrown;
    }
    throw new Error("it was let in");
  };

  it("is let in with the password percent-encoded", async () => {
    const broker = await open(`redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`);
    await broker.remember("greeting", "hello", 10_000);
    expect(await broker.recall("greeting")).toBe("hello");
    await broker.close();
  });

  it.each([
    ["a wrong password", ":wrong@"],
    ["no password", ""],
  ])("%s: the password was refused", async (_kind, credentials) => {
    const { code, message } = await failure(`redis://${credentials}127.0.0.1:${port}`);
    expect(code).toBe("broker/redis-refused");
    expect(message).toContain(`Redis at 127.0.0.1:${port} refused the password`);
  });

  it.each([
    ["/", "pass/word", "%2F"],
    ["#", "pass#word", "%23"],
    ["?", "pass?word", "%3F"],
    ["%", "100%zz", "%25"],
  ])("an unencoded %s: says how to write it, and never the password", async (character, password, encoded) => {
    const { code, message } = await failure(`redis://:${password}@127.0.0.1:${port}`);
    expect(code).toBe("broker/redis-refused");
    expect(message).toContain(`percent-encode it: write ${character} as ${encoded}`);
    expect(message).not.toContain(password);
  });

  it.each([
    ["@", "pa@ss", "%40"],
    [":", "pa:ss", "%3A"],
  ])("an unencoded %s in a password that is refused", async (character, password, encoded) => {
    const { message } = await failure(`redis://:${password}@127.0.0.1:${port}`);
    expect(message).toContain(`write ${character} as ${encoded}`);
    expect(message).not.toContain(password);
  });

  it("a server that is down: says where it was looked for and how it is started", async () => {
    const nobody = await freePort();
    const { code, message } = await failure(`redis://:hidden@127.0.0.1:${nobody}`);
    expect(code).toBe("broker/unavailable");
    expect(message).toMatch(new RegExp(`Redis at 127\\.0\\.0\\.1:${nobody} cannot be reached \\(.*ECONNREFUSED`, "u"));
    expect(message).toContain("redis-server --appendonly yes");
    expect(message).not.toContain("hidden");
  });
});
