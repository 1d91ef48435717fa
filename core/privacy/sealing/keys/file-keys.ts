/**
 * Keys in a file of their own: one a line, the last one wraps. A new one is put behind the others in one write, so that of
 * several who make one at once none takes another's away.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ParleyError } from "../../../errors.ts";
import { KEY_BYTES } from "../cipher.ts";
import type { KeyPort } from "./key-port.ts";
import { isKeyText, localKeyPort, parseKey } from "./local-keys.ts";

/** Others must neither read nor write it. */
const OTHERS = 0o077;

/** The file is made, readable by its owner only, at the first start. */
export function fileKeyPort(path: string): KeyPort {
  return localKeyPort({
    place: path,
    read: async () => await unlessMissing(async () => await readKeys(path), []),
    prepare: async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await makeFile(path);
    },
    renew: async () => await addKey(path),
  });
}

const newLine = (): string => `${randomBytes(KEY_BYTES).toString("base64")}\n`;

/** The last one first. */
async function readKeys(path: string): Promise<readonly Uint8Array[]> {
  await refuseUnsafe(path);
  const lines = (await readFile(path, "utf8")).split("\n");
  const last = lines.pop() ?? "";
  // Without an end of line it may be one that a power cut tore apart: nothing was wrapped with it then.
  const whole = isKeyText(last) ? [...lines, last] : lines;
  return whole
    .filter((line) => line.trim() !== "")
    .map((line) => parseKey(line, path))
    .toReversed();
}

/** Of several that start at once, one makes the file: it is there whole or not at all, also after a power cut. */
async function makeFile(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    await writeLine(draft, "wx", newLine());
    await link(draft, path);
  } catch (thrown) {
    if (codeOf(thrown) !== "EEXIST") throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
  await syncDirectory(dirname(path));
}

async function addKey(path: string): Promise<void> {
  await refuseUnsafe(path);
  const isEnded = (await readFile(path, "utf8")).endsWith("\n");
  await writeLine(path, "a", isEnded ? newLine() : `\n${newLine()}`);
}

async function writeLine(path: string, flags: "wx" | "a", line: string): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(line);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file's name is on the disk. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function refuseUnsafe(path: string): Promise<void> {
  const { mode, uid } = await stat(path);
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

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
