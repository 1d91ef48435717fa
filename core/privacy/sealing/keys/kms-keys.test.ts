import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KmsServer, startKms } from "../../../../test/support/kms-server.ts";
import { openSqliteDatabase } from "../../../store/sqlite/sqlite-database.ts";
import { sealedColumn } from "../sealed-column.ts";
import { createSealing } from "../sealing.ts";
import { kmsKeyPort } from "./kms-keys.ts";

let kms: KmsServer;
let folder: string;
beforeEach(async () => {
  kms = await startKms();
  folder = await mkdtemp(join(tmpdir(), "parley-kms-"));
});
afterEach(async () => {
  await kms.stop();
  await rm(folder, { recursive: true, force: true });
});

const dataKey = Buffer.from("a data key of thirty-two bytes !");
const NAME = sealedColumn({ table: "people", column: "name", key: ["id"], row: ["id"] });
const portOf = (keyId: string, timeoutMs = 15_000) =>
  kmsKeyPort({ keyId, region: "eu-central-1", endpoint: kms.endpoint, credentials: kms.credentials, timeoutMs });
const sealingWith = (keyId: string, timeoutMs?: number) =>
  createSealing({
    open: () => openSqliteDatabase(join(folder, "sealing.sqlite")),
    keys: portOf(keyId, timeoutMs),
  });

describe("a key in a KMS", () => {
  it("wraps and unwraps under the data key's own id alone", async () => {
    const port = portOf("one");
    const wrapped = await port.wrap(dataKey, "a");
    expect(wrapped.by).toBe("one");
    expect(Buffer.from(await port.unwrap(wrapped, "a"))).toEqual(dataKey);
    await expect(port.unwrap(wrapped, "b")).rejects.toMatchObject({ code: "sealing/key-missing", retryable: false });
    await expect(port.unwrap({ ...wrapped, by: "two" }, "a")).rejects.toMatchObject({ code: "sealing/key-missing" });
    expect(await port.check()).toEqual([{ name: "sealing key", status: "ok", detail: "KMS key one" }]);
  });

  it("is asked at the start and at a rotation, never for a value", async () => {
    const sealing = sealingWith("one");
    await sealing.ready();
    const asked = kms.calls.length;
    const sealed = sealing.seal(NAME, { id: "1" }, "Ruth");
    for (let time = 0; time < 100; time += 1) expect(sealing.open(NAME, { id: "1" }, sealed)).toBe("Ruth");
    await sealing.refresh();
    expect(kms.calls).toHaveLength(asked);
    await sealing.close();
  });

  it("gives way to another one, which wraps all data keys anew", async () => {
    const first = sealingWith("one");
    await first.ready();
    const sealed = first.seal(NAME, { id: "1" }, "Ruth");
    await first.close();
    const second = sealingWith("two");
    await second.ready();
    expect(await second.rotate()).toEqual({ wrapped: 2 });
    await second.close();
    kms.keys.delete("one");
    const third = sealingWith("two");
    await third.ready();
    expect(third.open(NAME, { id: "1" }, sealed)).toBe("Ruth");
    await third.close();
  });

  it("that is away or refuses is told without what the service said, and asked again", async () => {
    const sealing = sealingWith("one", 3_000);
    kms.faults.always = "hang";
    await expect(sealing.ready()).rejects.toMatchObject({ code: "sealing/kms-unavailable", retryable: true });
    kms.faults.always = "denied";
    const refused = sealing.ready();
    await expect(refused).rejects.toMatchObject({ code: "sealing/key-missing" });
    await expect(refused).rejects.not.toThrow("secret detail");
    kms.faults.always = undefined;
    await sealing.ready();
    kms.faults.next = ["busy"];
    expect(Buffer.from((await portOf("one").wrap(dataKey, "a")).bytes)).not.toEqual(dataKey);
    await sealing.close();
  });
});
