import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { interaction } from "../../../test/contracts/interactions.ts";
import { packageDirectory } from "../../../core/package-directory.ts";
import { openContext, temporaryFolder } from "../../../test/support/tool-pack.ts";
import { recommend } from "../index.ts";
import { isDue } from "./background.ts";
import { readBundle } from "./bundle.ts";
import type { NewVersion } from "./versions.ts";

const NOW = Date.parse("2026-11-21T09:00:00Z");
const HOUR = 3_600_000;

async function open(given: { readonly folder?: string; readonly clock?: () => number } = {}) {
  const folder = given.folder ?? (await temporaryFolder());
  const context = await openContext(folder, given.clock ?? (() => NOW));
  const opened = await recommend({ capture: "on" }).openRecommender(context);
  const servingVersion = async () => (await opened.serving.bundle())?.summary.version;
  return { ...opened, folder, servingVersion };
}

/** One version, trained once and copied for each test, since training takes a second. */
let trained: Promise<NewVersion> | undefined;
async function train(): Promise<NewVersion> {
  const { refresher, versions, close } = await open();
  const { summary, replaced, why } = await refresher.refresh();
  const bytes = await versions.read("v0001");
  await close();
  return { bytes, summary, verdict: { replace: true, why }, serves: replaced };
}
async function versionNamed(version: string): Promise<NewVersion> {
  trained ??= train();
  const one = await trained;
  return { ...one, summary: { ...one.summary, version } };
}

/** A folder with one version in it. */
async function withOneVersion(): Promise<string> {
  const folder = await temporaryFolder();
  const { versions, close } = await open({ folder });
  await versions.add(await versionNamed("v0001"));
  await close();
  return folder;
}

async function fileOf(folder: string, version: string): Promise<string> {
  const directory = join(folder, "recommender", "harbour");
  const name = (await readdir(directory)).find((one) => one.startsWith(version));
  return join(directory, name ?? "there is none");
}

/** Adds versions over and over in a process of its own, and kills it in the middle. */
async function killWhileWriting(folder: string, afterMs: number): Promise<void> {
  const script = join(packageDirectory(), "test", "support", "recommender-version-writer.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder, "harbour"], {
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
    const { refresher, servingVersion, recommender, close } = await open({ folder });
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
    expect(await readdir(join(folder, "recommender", "harbour"))).toHaveLength(1);
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

  it("happens once among processes, and a dead holder of the lock is in nobody's way for long", async () => {
    const folder = await withOneVersion();
    let now = NOW;
    const { refresher, close } = await open({ folder, clock: () => now });
    const other = await open({ folder });
    const lock = await other.versions.lockTraining();
    await expect(refresher.refresh()).rejects.toMatchObject({ code: "recommend/training-runs" });
    // Whoever holds it has died.
    now += 120_000;
    expect((await refresher.refresh({ force: true })).replaced).toBe(true);
    await lock?.unlock();
    expect(await other.versions.lockTraining().then(async (again) => await again?.unlock())).toBeUndefined();
    await other.close();
    await close();
  });

  it("that cannot be written is told as what it is", async () => {
    const folder = await temporaryFolder();
    const { refresher, versions, close } = await open({ folder });
    await writeFile(join(folder, "recommender"), "a file where a folder should be");
    await expect(refresher.refresh()).rejects.toMatchObject({
      code: "recommend/training-failed",
      message: expect.stringContaining("see to its space and rights"),
    });
    expect(await versions.list()).toEqual([]);
    await close();
  });
});

describe("recommender service: a version that cannot be read", () => {
  it("is named by doctor, with what to do", async () => {
    const folder = await withOneVersion();
    const context = await openContext(folder, () => NOW);
    const pack = await recommend().open(context);
    await writeFile(await fileOf(folder, "v0001"), "nothing");
    expect(await pack.check?.()).toContainEqual(
      expect.objectContaining({
        name: "recommendations",
        status: "warning",
        detail: expect.stringContaining("v0001 cannot be read"),
        remedy: expect.stringContaining("recommender train"),
      }),
    );
    await pack.close();
  });
});

describe("versions", () => {
  it("are gone back to, in this process and in others", async () => {
    const folder = await withOneVersion();
    const first = await open({ folder });
    await first.refresher.refresh();
    const second = await open({ folder });
    const following = second.serving.follow();
    await expect.poll(second.servingVersion).toBe("v0002");
    expect(await first.versions.rollBack()).toBe("v0001");
    await first.serving.refresh();
    expect(await first.servingVersion()).toBe("v0001");
    await expect.poll(second.servingVersion, { timeout: 5_000 }).toBe("v0001");
    await following.close();
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
    await writer.versions.add(await versionNamed("v0002"));
    await writer.close();
    const path = await fileOf(folder, "v0002");
    await writeFile(path, damage(await readFile(path)));
    const reader = await open({ folder });
    expect(await reader.servingVersion()).toBe("v0001");
    await reader.close();
  });

  it("that are all damaged leave the starter serving", async () => {
    const folder = await withOneVersion();
    const { servingVersion, close } = await open({ folder });
    await rm(await fileOf(folder, "v0001"));
    expect(await servingVersion()).toBe("v0000");
    await close();
  });

  it("are kept five at a time, the serving one among them, and so are their files", async () => {
    const folder = await withOneVersion();
    const { versions, close } = await open({ folder, clock: () => Date.now() + 48 * HOUR });
    await writeFile(join(folder, "recommender", "harbour", "v0099-half.model"), "of somebody who died");
    for (let count = 2; count <= 9; count += 1)
      await versions.add({ ...(await versionNamed(await versions.next())), serves: false });
    const kept = ["v0001", "v0005", "v0006", "v0007", "v0008", "v0009"];
    expect((await versions.list()).map(({ name }) => name)).toEqual(kept);
    const files = (await readdir(join(folder, "recommender", "harbour"))).toSorted();
    expect(files.map((file) => file.slice(0, 5))).toEqual(kept);
    await close();
  });

  it("survive the death of the process that writes them", async () => {
    const folder = await withOneVersion();
    for (const afterMs of [5, 20, 45]) {
      await killWhileWriting(folder, afterMs);
      const { versions, close } = await open({ folder });
      const names = (await versions.list()).map(({ name }) => name);
      for (const name of names) expect(readBundle(await versions.read(name)).products.size()).toBeGreaterThan(0);
      expect(names).toContain(await versions.current());
      await close();
    }
  });

  it("hold no person: neither who was learned from nor what they did can be read from the file", async () => {
    const { bytes } = await versionNamed("v0001");
    expect(Buffer.from(bytes).toString("latin1")).not.toMatch(/u-0\d\d/u);
  });
});

describe("it is time for a training", () => {
  it("without a version, after some hours, and after so many new interactions", async () => {
    let now = NOW;
    const clock = () => now;
    const { serving, versions, store, close } = await open({ clock });
    const due = async () => await isDue({ serving, versions, store, everyHours: 24, newInteractions: 2, clock });
    expect(await due()).toBe(true);
    await close();
    const second = await open({ folder: await withOneVersion(), clock });
    const dueNow = async () => await isDue({ ...second, everyHours: 24, newInteractions: 2, clock });
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
