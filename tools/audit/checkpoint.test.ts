import { afterEach, beforeEach, expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { temporaryFolder } from "../../test/support/bank-chat.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";

const at = "2026-11-21T12:00:00.000Z";
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const open = async (): Promise<Checkpoint> => await openCheckpoint(directoryFiles(folder.path), { isEmpty: true, at });

const seenBy = async (checkpoint: Checkpoint) => {
  const seen = await checkpoint.read();
  if (seen === undefined) throw new Error("Nothing is signed.");
  return seen;
};

const next = (sequence: number) => ({ head: { sequence, hash: `hash of ${sequence}` }, base: undefined, at });

it("hosts that start at once agree on one key", async () => {
  const hosts = await Promise.all(Array.from({ length: 8 }, open));
  for (const host of hosts) expect(await host.read()).toMatchObject({ sequence: 0 });
});

it("of hosts that sign at once one does, and the others are told", async () => {
  const hosts = await Promise.all(Array.from({ length: 6 }, open));
  const seen = await Promise.all(hosts.map(seenBy));
  const signed = await Promise.all(
    hosts.map(async (host, index) => await host.replace(seen[index] ?? (await seenBy(host)), next(index + 1))),
  );
  expect(signed.filter(Boolean)).toHaveLength(1);
  for (const host of hosts) expect(await host.read()).toMatchObject(next(signed.indexOf(true) + 1).head);
});

it("a host that was held up signs nothing over what was signed since", async () => {
  const [late, quick] = [await open(), await open()];
  const before = await seenBy(late);
  for (const sequence of [5, 6, 7]) expect(await quick.replace(await seenBy(quick), next(sequence))).toBe(true);
  await late.replace(before, next(4));
  for (const host of [late, quick]) expect(await host.read()).toMatchObject({ sequence: 7 });
});
