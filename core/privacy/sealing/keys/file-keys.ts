/** Keys in a file of their own: one a line, the one that wraps first. */
import { randomBytes, randomUUID } from "node:crypto";
import { link, lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ParleyError } from "../../../errors.ts";
import { KEY_BYTES } from "../cipher.ts";
import type { KeyPort } from "./key-port.ts";
import { localKeyPort, parseKey } from "./local-keys.ts";

/** Others must neither read nor write it. */
const OTHERS = 0o077;

/** The file is made, readable by its owner only, at the first start. */
export function fileKeyPort(path: string): KeyPort {
  const read = async (): Promise<readonly Uint8Array[]> => {
    await refuseUnsafe(path);
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
    return lines.map((line) => parseKey(line, path));
  };
  return localKeyPort({
    place: path,
    read: async () => await unlessMissing(read, []),
    prepare: async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeWhole(path, [randomBytes(KEY_BYTES)], { ifAbsent: true });
    },
    renew: async () => await writeWhole(path, [randomBytes(KEY_BYTES), ...(await read())], { ifAbsent: false }),
  });
}

/** The file is there whole or not at all, also after a power cut. With `ifAbsent` one that was there stays. */
async function writeWhole(
  path: string,
  keys: readonly Uint8Array[],
  { ifAbsent }: { readonly ifAbsent: boolean },
): Promise<void> {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(keys.map((key) => `${Buffer.from(key).toString("base64")}\n`).join(""));
      await file.sync();
    } finally {
      await file.close();
    }
    // Of several that start at once, one makes the key of all.
    if (ifAbsent) await unlessTaken(async () => await link(draft, path));
    else await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function refuseUnsafe(path: string): Promise<void> {
  const { mode, uid } = await lstat(path);
  const isMine = process.getuid === undefined || uid === process.getuid();
  // Windows has no such modes.
  if (process.platform === "win32" || (isMine && (mode & OTHERS) === 0)) return;
  throw new ParleyError(
    "sealing/key-unsafe",
    `Others than its owner may read ${path}, or it belongs to somebody else. Run: chown $(id -u) ${path} && chmod 600 ${path}`,
  );
}

async function unlessMissing<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return otherwise;
    throw thrown;
  }
}

async function unlessTaken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (codeOf(thrown) !== "EEXIST") throw thrown;
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
