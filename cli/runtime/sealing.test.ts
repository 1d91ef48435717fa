import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { consoleChat } from "../../adapters/console/index.ts";
import { crew } from "../../agents/index.ts";
import { describeConfig, env } from "../../core/config/index.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { directNetwork } from "../../core/network/network.ts";
import { storeTables, query } from "../../core/store/tables/schema.ts";
import { support } from "../../tools/support/index.ts";
import { checkSealing } from "./check-sealing.ts";
import { openDatabases } from "./open-databases.ts";
import { openFiles, openSealedFiles } from "./open-files.ts";
import { openStore } from "./open-store.ts";
import { resealAll } from "./reseal.ts";
import type { Role } from "./shared.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-sealing-config-"));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

const PARLEY_KEY = Buffer.alloc(32, 9).toString("base64");

function load(sealing: unknown, environment: Readonly<Record<string, string>> = { PARLEY_KEY }) {
  const tools = [support()];
  const bots = { one: { name: "One", accounts: [consoleChat()], crew: crew({ model: "offline" }), tools } };
  const store = { kind: "sqlite", ...(sealing === undefined ? {} : { sealing }) };
  const config = validateConfig({ bots, store }, "bots.config.ts", { environment, readFile: () => "" });
  return { config, file: "bots.config.ts", directory };
}

const put = query<{ owner: string; key: string; value: string }>()("owned_values", z.unknown(), ({ db, value }) =>
  db.insertInto("owned_values").values({ owner: value("owner"), key: value("key"), value: value("value") }),
);
const given = { kind: "given", key: env("PARLEY_KEY") };

describe("sealing by the configuration", () => {
  it("has a key of its own where nothing is said, for its owner alone", async () => {
    const loaded = load(undefined);
    const databases = await openDatabases(loaded);
    await (await openStore(databases)).close();
    expect((await stat(join(directory, ".parley", "sealing.key"))).mode & 0o777).toBe(0o600);
    const [key, sealed] = await checkSealing(loaded, databases.sealing, { isStoreOpen: true });
    expect(key).toMatchObject({ status: "ok", detail: expect.stringContaining("beside what it protects") });
    expect(sealed).toMatchObject({ status: "ok", detail: expect.stringContaining("owned_values.value") });
    await databases.close();
  });

  it("seals what was there before, secrets among the files too, and says when all is", async () => {
    const loaded = load({ key: given, attachments: true });
    const databases = await openDatabases(loaded);
    const store = await openStore(databases);
    const database = databases.open(storeTables.file);
    await database.change(put, { owner: "adapter:slack:main", key: "token", value: '"zqplain"' });
    const inner = await openFiles(loaded, directNetwork);
    await inner.put("mcp.key", Buffer.from("zqkey"));
    const upload = `spool/ab/${"ab".repeat(32)}`;
    await inner.put(upload, Buffer.from("zqupload"));
    expect(await store.values.get("adapter:slack:main", "token")).toBe("zqplain");

    const clock = (): number => Date.now() + 3_600_000;
    const names = async (role: Role) =>
      (await resealAll({ loaded, databases, files: inner, clock: Date.now, roles: new Set([role]) })).map(
        ({ name }) => name.split(/[._]/u)[0],
      );
    expect(new Set(await names("gateway"))).toEqual(new Set(["identity", "gateway"]));
    expect(await names("adapters")).toEqual([]);
    const done = await resealAll({ loaded, databases, files: inner, clock });
    expect(done.find(({ name }) => name === "owned_values.value")).toMatchObject({ sealed: 1 });
    for (const key of ["mcp.key", upload]) expect(Buffer.from((await inner.get(key)) ?? []).includes("zq")).toBe(false);
    const files = await openSealedFiles(loaded, directNetwork, databases.sealing);
    expect(Buffer.from((await files.get("mcp.key")) ?? []).toString()).toBe("zqkey");
    expect(await store.values.get("adapter:slack:main", "token")).toBe("zqplain");
    expect(await checkSealing(loaded, databases.sealing, { isStoreOpen: true })).toMatchObject([
      { status: "ok", detail: "env PARLEY_KEY" },
      { status: "ok", detail: expect.stringContaining("all is sealed") },
    ]);
    await database.close();
    await store.close();
    await databases.close();
  });

  it("refuses a plain value once that is said", async () => {
    const databases = await openDatabases(load({ key: given, plain: "refuse" }));
    const store = await openStore(databases);
    const database = databases.open(storeTables.file);
    await database.change(put, { owner: "somebody", key: "token", value: '"planted"' });
    await expect(store.values.get("somebody", "token")).rejects.toMatchObject({ code: "sealing/unreadable" });
    await database.close();
    await store.close();
    await databases.close();
  });

  it("shows no key in a plan, and tells one that is none by its name", () => {
    const { config } = load({ key: given, former: [given] });
    const text = JSON.stringify(describeConfig(config));
    expect(text).toContain("from env PARLEY_KEY");
    expect(text).not.toContain(PARLEY_KEY);
    expect(() => load({ key: given }, { PARLEY_KEY: "zqshort" })).toThrow("PARLEY_KEY is no key of 32 bytes");
    expect(() => load({ key: given }, { PARLEY_KEY: "zqshort" })).not.toThrow("zqshort");
    expect(() => load({ key: { kind: "given", key: PARLEY_KEY } })).not.toThrow(PARLEY_KEY);
    expect(() => load({ key: { kind: "given", key: PARLEY_KEY } })).toThrow("store.sealing.key");
  });
});
