import { copyFile, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { interaction } from "../../../test/contracts/interactions.ts";
import { packageDirectory } from "../../../core/package-directory.ts";
import { openContext, temporaryFolder } from "../../../test/support/tool-pack.ts";
import { recommend } from "../index.ts";
import { isDue } from "./background.ts";
import { readBundle } from "./bundle.ts";

const NOW = Date.parse("2026-11-21T09:00:00Z");
const HOUR = 3_600_000;

async function open(given: { readonly folder?: string; readonly clock?: () => number } = {}) {
  const folder = given.folder ?? (await temporaryFolder());
  const context = await openContext(folder, given.clock ?? (() => NOW));
  const opened = await recommend({ capture: "on" }).openRecommender(context);
  const servingVersion = async () => (await opened.serving.bundle())?.summary.version;
  return { ...opened, folder, servingVersion };
}

/** A folder in which one version was trained; copied for each test, since training takes a second. */
let trained: Promise<string> | undefined;
async function withOneVersion(): Promise<string> {
  trained ??= (async () => {
    const folder = await temporaryFolder();
    const { refresher, close } = await open({ folder });
    await refresher.refresh();
    await close();
    const kept = await readFile(join(folder, "recommender", "harbour", "v0001.model"));
    oneVersion.bytes = kept;
    return folder;
  })();
  await trained;
  const folder = await temporaryFolder();
  const { versions, close } = await open({ folder });
  await versions.write("v0001", oneVersion.bytes);
  await versions.activate("v0001");
  await close();
  return folder;
}
const oneVersion = { bytes: new Uint8Array() };

/** Writes versions over and over in a process of its own, and kills it in the middle. */
async function killWhileWriting(directory: string, afterMs: number): Promise<void> {
  const script = join(packageDirectory(), "test", "support", "recommender-version-writer.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  await sleep(afterMs);
  child.kill("SIGKILL");
  await exited;
}

describe("a refresh", () => {
  it("trains in a thread, replaces the starter, and outlives a restart", async () => {
    const first = await open();
    expect(await first.servingVersion()).toBe("v0000");
    const stages = new Set<string>();
    const refreshed = await first.refresher.refresh({ onProgress: ({ stage }) => stages.add(stage) });
    expect(refreshed).toMatchObject({ version: "v0001", replaced: true });
    expect([...stages]).toEqual(expect.arrayContaining(["reading", "training", "judging"]));
    expect((await first.serving.bundle())?.summary).toMatchObject({ version: "v0001", people: 120 });
    await first.close();
    const second = await open({ folder: first.folder });
    expect(await second.servingVersion()).toBe("v0001");
    expect((await second.recommender.forUser("nobody", { limit: 3 })).modelVersion).toBe("v0001");
    await second.close();
  });

  it("that is killed leaves the old version serving, no half file, and the way free for the next", async () => {
    const folder = await withOneVersion();
    const { refresher, servingVersion, recommender, versions, close } = await open({ folder });
    const before = await recommender.forUser("nobody", { limit: 5 });
    const kill = new AbortController();
    const killed = refresher.refresh({
      signal: kill.signal,
      onProgress: ({ stage }) => {
        if (stage === "training") kill.abort();
      },
    });
    await expect(killed).rejects.toMatchObject({ code: "recommend/training-failed" });
    expect(await servingVersion()).toBe("v0001");
    expect(await recommender.forUser("nobody", { limit: 5 })).toEqual(before);
    expect(await readdir(versions.directory)).toEqual(["current.json", "v0001.model"]);
    expect((await refresher.refresh()).version).toBe("v0002");
    await close();
  });

  it("goes on answering while it trains", async () => {
    const { refresher, recommender, close } = await open({ folder: await withOneVersion() });
    const refreshing = refresher.refresh();
    expect(refresher.isRunning()).toBe(true);
    expect((await recommender.forUser("nobody", { limit: 3 })).recommendations).toHaveLength(3);
    await expect(refresher.refresh()).rejects.toMatchObject({ code: "recommend/training-runs", status: 409 });
    await refreshing;
    await close();
  });

  it("happens once among processes, and a dead holder of the lock is in nobody's way", async () => {
    const folder = await withOneVersion();
    const { refresher, versions, close } = await open({ folder });
    const lock = join(versions.directory, "training.lock");
    await writeFile(lock, String(process.pid));
    await expect(refresher.refresh()).rejects.toMatchObject({ code: "recommend/training-runs" });
    await writeFile(lock, "999999999");
    expect((await refresher.refresh()).replaced).toBe(true);
    await close();
  });
});

describe("recommender service: a lock that a full disk left behind", () => {
  it.each(["", "x{", "-1"])("%j is in nobody's way after a minute", async (left) => {
    const folder = await withOneVersion();
    const { refresher, versions, close } = await open({ folder, clock: Date.now });
    const lock = join(versions.directory, "training.lock");
    await writeFile(lock, left);
    await expect(refresher.refresh()).rejects.toMatchObject({ code: "recommend/training-runs" });
    const before = new Date(Date.now() - 90_000);
    await utimes(lock, before, before);
    expect((await refresher.refresh({ force: true })).replaced).toBe(true);
    await close();
  });

  it("that cannot be written is told as what it is, not as a training that runs", async () => {
    const folder = await temporaryFolder();
    const { refresher, versions, close } = await open({ folder });
    await mkdir(dirname(versions.directory), { recursive: true });
    await writeFile(versions.directory, "a file where a folder should be");
    await expect(refresher.refresh()).rejects.toMatchObject({
      code: "recommend/training-failed",
      message: expect.stringContaining("see to its space and rights"),
    });
    await close();
  });
});

describe("recommender service: the file that says which version serves", () => {
  it.each([
    ["damaged", async (pointer: string) => await writeFile(pointer, "{{{")],
    ["empty", async (pointer: string) => await writeFile(pointer, "")],
    ["of another world", async (pointer: string) => await writeFile(pointer, '{"version":"../../etc/passwd"}')],
    ["gone", async (pointer: string) => await rm(pointer)],
  ])("%s: the newest version serves, and the next training goes on from it", async (_how, harm) => {
    const folder = await withOneVersion();
    const { versions, servingVersion, refresher, close } = await open({ folder });
    await harm(join(versions.directory, "current.json"));
    expect(await servingVersion()).toBe("v0001");
    expect(await versions.current()).toBe("v0001");
    expect((await refresher.refresh({ force: true })).version).toBe("v0002");
    expect(await servingVersion()).toBe("v0002");
    await close();
  });

  it("names one that cannot be read: doctor says so, and what to do", async () => {
    const folder = await withOneVersion();
    const context = await openContext(folder, () => NOW);
    const pack = await recommend().open(context);
    const { versions, close } = await open({ folder });
    await writeFile(versions.pathOf("v0001"), "nothing");
    expect(await pack.check?.()).toContainEqual(
      expect.objectContaining({
        name: "recommendations",
        status: "warning",
        detail: expect.stringContaining("v0001.model cannot be read"),
        remedy: expect.stringContaining("recommender train"),
      }),
    );
    await pack.close();
    await close();
  });
});

describe("versions", () => {
  it("are gone back to, in this process and in others", async () => {
    const folder = await withOneVersion();
    const first = await open({ folder });
    await first.refresher.refresh();
    let now = NOW;
    const second = await open({ folder, clock: () => now });
    expect(await second.servingVersion()).toBe("v0002");
    expect(await first.versions.rollBack()).toBe("v0001");
    await first.serving.refresh();
    expect(await first.servingVersion()).toBe("v0001");
    now += 3_000;
    expect(await second.servingVersion()).toBe("v0001");
    await expect(first.versions.rollBack()).rejects.toMatchObject({ code: "recommend/no-version" });
    await first.close();
    await second.close();
  });

  it.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ["changed", (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index === 5_000 ? byte ^ 255 : byte)))],
    ["of somebody else", () => Buffer.from("PK\u0003\u0004 a zip file, perhaps")],
  ])("that are %s are refused by name, and the one before serves", async (_how, damage) => {
    const folder = await withOneVersion();
    const writer = await open({ folder });
    await copyFile(writer.versions.pathOf("v0001"), writer.versions.pathOf("v0002"));
    await writer.versions.activate("v0002");
    await writer.close();
    const path = writer.versions.pathOf("v0002");
    await writeFile(path, damage(await readFile(path)));
    const reader = await open({ folder });
    expect(await reader.servingVersion()).toBe("v0001");
    await reader.close();
  });

  it("that are all damaged leave the starter serving", async () => {
    const folder = await withOneVersion();
    const { versions, servingVersion, close } = await open({ folder });
    await writeFile(versions.pathOf("v0001"), "nothing");
    expect(await servingVersion()).toBe("v0000");
    await close();
  });

  it("are kept five at a time, the serving one among them", async () => {
    const { versions, close } = await open({ folder: await withOneVersion() });
    for (let count = 2; count <= 9; count += 1) await versions.write(await versions.next(), oneVersion.bytes);
    expect(await versions.list()).toEqual(["v0001", "v0005", "v0006", "v0007", "v0008", "v0009"]);
    await rm(versions.pathOf("v0001"));
    await close();
  });

  it("survive the death of the process that writes them", async () => {
    const folder = await withOneVersion();
    const { versions, close } = await open({ folder });
    await close();
    for (const afterMs of [5, 20, 45]) {
      await killWhileWriting(versions.directory, afterMs);
      for (const version of await versions.list()) {
        expect(readBundle(await versions.read(version)).products.size()).toBeGreaterThan(0);
      }
      expect(await versions.list()).toContain(await versions.current());
    }
  });

  it("hold no person: neither who was learned from nor what they did can be read from the file", async () => {
    await withOneVersion();
    expect(Buffer.from(oneVersion.bytes).toString("latin1")).not.toMatch(/u-0\d\d/u);
  });
});

describe("it is time for a training", () => {
  it("without a version, after some hours, and after so many new interactions", async () => {
    let now = NOW;
    const clock = () => now;
    const { serving, store, close } = await open({ clock });
    const due = async () => await isDue({ serving, store, everyHours: 24, newInteractions: 2, clock });
    expect(await due()).toBe(true);
    await close();
    const second = await open({ folder: await withOneVersion(), clock });
    const dueNow = async () =>
      await isDue({ serving: second.serving, store: second.store, everyHours: 24, newInteractions: 2, clock });
    expect(await dueNow()).toBe(false);
    await second.store.add([interaction({ id: "1", receivedAt: new Date(now).toISOString() })]);
    expect(await dueNow()).toBe(false);
    await second.store.add([interaction({ id: "2", receivedAt: new Date(now).toISOString() })]);
    expect(await dueNow()).toBe(true);
    await second.store.forget("u1");
    now += 24 * HOUR;
    expect(await dueNow()).toBe(true);
    await second.close();
  });
});
