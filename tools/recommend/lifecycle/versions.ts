/** The versions on disk: one file each, and one small file that says which of them serves. */
import { open, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ParleyError, toError } from "../../../core/errors.ts";

/** There is nothing to go back to, or no such version. */
export class NoVersionError extends ParleyError {
  override readonly name = "NoVersionError";

  constructor(what: string) {
    super("recommend/no-version", what, { status: 404 });
  }
}

export interface Versions {
  readonly directory: string;
  readonly pathOf: (version: string) => string;
  /** Oldest first. */
  readonly list: () => Promise<readonly string[]>;
  /** The one that is to serve; undefined when none was ever made. */
  readonly current: () => Promise<string | undefined>;
  /** When that last changed, in ms; undefined when there is none. Costs one look at the disk. */
  readonly changedAt: () => Promise<number | undefined>;
  readonly next: () => Promise<string>;
  /** Whole or not at all: a crash leaves no half file under this name. */
  readonly write: (version: string, bytes: Uint8Array) => Promise<void>;
  readonly activate: (version: string) => Promise<void>;
  /** Throws `recommend/no-version` when the file is gone. */
  readonly read: (version: string) => Promise<Uint8Array>;
  /** Serves the version before the current one; gives its name. Throws `recommend/no-version`. */
  readonly rollBack: () => Promise<string>;
}

const KEPT = 5;
const NAME = /^(v\d{4,})\.model$/u;
const Current = z.object({ version: z.string().regex(/^v\d{4,}$/u) });

/** The versions of this directory, which is made by the first write. */
export function openVersions(directory: string): Versions {
  const pointer = join(directory, "current.json");
  const pathOf = (version: string): string => join(directory, `${version}.model`);
  const list = async (): Promise<readonly string[]> => {
    const names = await readdir(directory).catch(() => []);
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .toSorted((left, right) => numberOf(left) - numberOf(right));
  };
  const current = async (): Promise<string | undefined> => {
    const text = await readFile(pointer, "utf8").catch(() => undefined);
    return text === undefined ? undefined : Current.safeParse(parsed(text)).data?.version;
  };
  const activate = async (version: string): Promise<void> => {
    await writeWhole(directory, pointer, Buffer.from(JSON.stringify({ version })));
  };
  return {
    directory,
    pathOf,
    list,
    current,
    changedAt: async () => (await stat(pointer).catch(() => undefined))?.mtimeMs,
    next: async () => {
      const last = (await list()).at(-1);
      return `v${String((last === undefined ? 0 : numberOf(last)) + 1).padStart(4, "0")}`;
    },
    write: async (version, bytes) => {
      await writeWhole(directory, pathOf(version), bytes);
      const serving = await current();
      const old = (await list()).slice(0, -KEPT).filter((name) => name !== serving && name !== version);
      for (const name of old) await rm(pathOf(name), { force: true });
    },
    activate,
    read: async (version) => {
      try {
        return await readFile(pathOf(version));
      } catch (thrown) {
        throw new NoVersionError(`${pathOf(version)} cannot be read (${toError(thrown).message}).`);
      }
    },
    rollBack: async () => {
      const [names, serving] = [await list(), await current()];
      const before = names.findLast((name) => serving !== undefined && numberOf(name) < numberOf(serving));
      if (before === undefined)
        throw new NoVersionError(`There is no version before ${serving ?? "the first"} in ${directory}.`);
      await activate(before);
      return before;
    },
  };
}

function numberOf(version: string): number {
  return Number(version.slice(1));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Written beside, forced to the disk, then renamed over: readers see the old file or the new one. */
async function writeWhole(directory: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}.new`;
  const file = await open(beside, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
