/** Files in a directory of this machine, readable by their owner only. */
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toError } from "../errors.ts";
import { checkedKey, checkedPrefix, type Files, readWhole, roundTrip, type StoredFile } from "./files.ts";

/** Half written files are named so: no key is. */
const DRAFT = /^\..*\.new$/u;
/** What a crash left half written is removed when it is found after so long. */
const DRAFT_MS = 24 * 60 * 60_000;

/** Opens the directory, which is made by the first write. Keys are the paths in it. */
export function directoryFiles(directory: string): Files {
  const pathOf = (key: string): string => join(directory, checkedKey(key));
  const files: Files = {
    kind: "directory",
    place: directory,
    put: async (key, content, { ifAbsent = false } = {}) => {
      const path = pathOf(key);
      const draft = draftOf(path);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await writeDraft(draft, content);
        if (!(await (ifAbsent ? linkInto(draft, path) : moveInto(draft, path)))) return false;
      } finally {
        // On a full disk the half file would take the place that the next one needs.
        await rm(draft, { force: true });
      }
      await syncFile(dirname(path));
      return true;
    },
    take: async (key, from) => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await syncFile(from);
      await moveFrom(from, path);
      await syncFile(dirname(path));
    },
    get: async (key) => await readWhole(await files.open(key)),
    open: async (key, { first } = {}) => {
      const file = await unlessMissing(async () => await open(pathOf(key), "r"));
      if (file === undefined) return undefined;
      const facts = await file.stat();
      if (facts.isFile()) return { ...describe(key, facts), content: contentOf(file, first) };
      await file.close();
      return undefined;
    },
    stat: async (key) => {
      const facts = await unlessMissing(async () => await stat(pathOf(key)));
      return facts?.isFile() === true ? describe(key, facts) : undefined;
    },
    remove: async (key) => await rm(pathOf(key), { force: true }),
    list: (prefix) => listed(directory, checkedPrefix(prefix)),
    check: async () => [await roundTrip(files)],
    close: async () => undefined,
  };
  return files;
}

function describe(key: string, { size, mtimeMs }: Stats): StoredFile {
  return { key, bytes: size, modifiedAt: mtimeMs };
}

async function* contentOf(file: FileHandle, first: number | undefined): AsyncGenerator<Uint8Array> {
  try {
    if (first === 0) return;
    yield* file.createReadStream({ autoClose: false, ...(first === undefined ? {} : { start: 0, end: first - 1 }) });
  } finally {
    await file.close();
  }
}

async function* listed(directory: string, prefix: string): AsyncGenerator<StoredFile> {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const entries = await unlessMissing(async () => await readdir(join(directory, folder), { withFileTypes: true }));
  for (const entry of entries ?? []) {
    const key = `${folder}${entry.name}`;
    const path = join(directory, key);
    if (DRAFT.test(entry.name)) await removeForgotten(path);
    if (entry.name.startsWith(".") || !key.startsWith(prefix)) continue;
    if (entry.isDirectory()) yield* listed(directory, `${key}/`);
    const facts = entry.isFile() ? await unlessMissing(async () => await stat(path)) : undefined;
    if (facts !== undefined) yield describe(key, facts);
  }
}

async function removeForgotten(draft: string): Promise<void> {
  const facts = await unlessMissing(async () => await stat(draft));
  if (facts !== undefined && facts.mtimeMs < Date.now() - DRAFT_MS) await rm(draft, { force: true });
}

async function writeDraft(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function draftOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
}

/** From another file system it is copied. */
async function moveFrom(from: string, path: string): Promise<void> {
  try {
    await rename(from, path);
  } catch (thrown) {
    if (codeOf(thrown) !== "EXDEV") throw toError(thrown);
    const draft = draftOf(path);
    try {
      await copyFile(from, draft);
      await syncFile(draft);
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    await rm(from, { force: true });
  }
}

async function moveInto(draft: string, path: string): Promise<boolean> {
  await rename(draft, path);
  return true;
}

/** Of several who do it at once one wins. False for the others. */
async function linkInto(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw toError(thrown);
  }
}

/** A file, or a folder's list of names, on the disk. */
async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What `work` gives; undefined where a path is not there. */
async function unlessMissing<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT" || codeOf(thrown) === "ENOTDIR") return undefined;
    throw toError(thrown);
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
