import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEmbeddedBroker } from "../../broker/embedded/embedded-broker.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { openDatabase } from "./database.ts";
import { createGroupCommit } from "./group-commit.ts";
import { explained, troubleWith } from "./trouble.ts";

const environment = { clock: Date.now, newId: () => ulid(), random: Math.random };

describe("web-and-operations B: what a storage failure says", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-trouble-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("a full disk: names the disk, and that work goes on by itself", async () => {
    const database = openDatabase(join(folder, "full.sqlite"));
    database.exec("CREATE TABLE words (word TEXT)");
    // SQLite's own limit fails as a full disk does.
    database.pragma(`max_page_count = ${String(database.pragma("page_count", { simple: true }))}`);
    const { write, close } = createGroupCommit(database);
    const insert = database.prepare("INSERT INTO words VALUES (?)");
    await expect(write(() => insert.run("x".repeat(50_000)))).rejects.toMatchObject({
      code: "store/database",
      retryable: true,
      status: 503,
      message: expect.stringContaining(`The disk of ${folder} is full`),
    });
    await close();
    database.close();
  });

  it.each(["ENOSPC", "EDQUOT"])("a full disk by the system's own code %s", (code) => {
    expect(troubleWith("/data/broker.sqlite", Object.assign(new Error("write"), { code }))?.says).toContain(
      "The disk of /data is full",
    );
  });

  it.each([
    ["no database at all", "this is a letter, and no database ".repeat(200)],
    ["a torn head", `SQLite format 3\0${"\xff".repeat(4_000)}`],
  ])("a damaged database (%s): says how a backup is put in its place", (_kind, content) => {
    const path = join(folder, "broker.sqlite");
    writeFileSync(path, content, "latin1");
    expect(() => createEmbeddedBroker({ path, environment, telemetry: silentTelemetry })).toThrow(
      expect.objectContaining({
        code: "store/database",
        message: expect.stringMatching(/is damaged\. Stop Parley.*-wal and -shm.*backup/su),
      }),
    );
  });

  it("a folder that cannot be made: says what to make writable, or to set", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => openDatabase(join(folder, "file", "store.sqlite"))).toThrow(
      expect.objectContaining({
        code: "store/database",
        message: expect.stringMatching(/cannot be written.*dataDirectory/u),
      }),
    );
  });

  it.each(["EROFS", "EACCES"])("a read-only project (%s)", (code) => {
    const refused = Object.assign(new Error(`${code}: mkdir`), { code, path: "/app/.parley" });
    expect(explained("/elsewhere", refused)).toMatchObject({
      code: "store/database",
      message: expect.stringMatching(/^\/app\/\.parley cannot be written.*read-only/u),
    });
  });

  it("takes a refused port for no file", () => {
    const refused = Object.assign(new Error("listen EACCES: permission denied 0.0.0.0:80"), { code: "EACCES" });
    expect(explained(folder, refused)).toBe(refused);
  });
});
