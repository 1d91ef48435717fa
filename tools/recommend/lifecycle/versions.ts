/** The versions on disk: one file each, and one small file that says which of them serves. */
import { open, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ParleyError, toError } from "../../../core/errors.ts";

export type Versions = ReturnType<typeof openVersions>;

const KEPT = 5;
const NOT_FOUND = { status: 404 };
const NAME = /^(v\d{4,})\.model$/u;
const Current = z.object({ version: z.string().regex(/^v\d{4,}$/u) });

/** The versions of this directory, which is made by the first write. */
export function openVersions(directory: string) {
  const pointer = join(directory, "current.json");
  const pathOf = (version: string): string => join(directory, `${version}.model`);
  /** Oldest first. */
  const list = async (): Promise<readonly string[]> => {
    const names = await readdir(directory).catch(() => []);
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .toSorted((left, right) => numberOf(left) - numberOf(right));
  };
  /** The one that is to serve; the newest where the file that says so is gone or damaged; undefined when there is none. */
  const current = async (): Promise<string | undefined> => {
    const text = await readFile(pointer, "utf8").catch(() => "");
    return Current.safeParse(parsed(text)).data?.version ?? (await list()).at(-1);
  };
  const activate = async (version: string): Promise<void> => {
    await writeWhole(directory, pointer, Buffer.from(JSON.stringify({ version })));
  };
  return {
    directory,
    pathOf,
    list,
    current,
    /** When that last changed, in ms; undefined when nothing was ever written. Costs one look at the disk. */
    changedAt: async (): Promise<number | undefined> =>
      (await stat(pointer).catch(async () => await stat(directory).catch(() => undefined)))?.mtimeMs,
    next: async (): Promise<string> => {
      const last = (await list()).at(-1);
      return `v${String((last === undefined ? 0 : numberOf(last)) + 1).padStart(4, "0")}`;
    },
    /** Whole or not at all: a crash leaves no half file under this name. */
    write: async (version: string, bytes: Uint8Array): Promise<void> => {
      await writeWhole(directory, pathOf(version), bytes);
      const serving = await current();
      const old = (await list()).slice(0, -KEPT).filter((name) => name !== serving && name !== version);
      for (const name of old) await rm(pathOf(name), { force: true });
    },
    activate,
    /** Throws `recommend/no-version` when the file is gone. */
    read: async (version: string): Promise<Uint8Array> => {
      try {
        return await readFile(pathOf(version));
      } catch (thrown) {
        const { message } = toError(thrown);
        throw new ParleyError("recommend/no-version", `${pathOf(version)} cannot be read (${message}).`, NOT_FOUND);
      }
    },
    /** Serves the version before the current one; gives its name. Throws `recommend/no-version`. */
    rollBack: async (): Promise<string> => {
      const [names, serving] = [await list(), await current()];
      const before = names.findLast((name) => serving !== undefined && numberOf(name) < numberOf(serving));
      if (before === undefined) {
        const last = serving ?? "the first";
        throw new ParleyError("recommend/no-version", `There is no version before ${last} in ${directory}.`, NOT_FOUND);
      }
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
  try {
    const file = await open(beside, "w", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (thrown) {
    // On a full disk the half file would take the place that the next one needs.
    await rm(beside, { force: true });
    throw thrown;
  }
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
