/** Files of a reply, kept where whoever types in the terminal finds them. */
import { mkdir, open } from "node:fs/promises";
import { basename, join, parse } from "node:path";
import type { AdapterContext, ReplyFile } from "../../adapter.ts";

const MOST_NAMES = 1_000;

/** Writes a file into a folder, under its own name or a numbered one, over nothing; gives where it is. */
export async function saveFile(
  { name, spoolKey }: ReplyFile,
  folder: string,
  openFile: AdapterContext<unknown>["openFile"],
): Promise<string> {
  const bytes = await openFile(spoolKey);
  await mkdir(folder, { recursive: true });
  const { path, handle } = await openNew(folder, safeName(name));
  try {
    for await (const chunk of bytes) await handle.write(chunk);
  } finally {
    await handle.close();
  }
  return path;
}

/** A name of a tool's may hold anything: no folder, no hidden file, no signs that steer a terminal. */
function safeName(name: string): string {
  const last = basename(name.replaceAll("\\", "/"));
  const plain = last.replaceAll(/[^\p{L}\p{N} ._()-]/gu, "_").replace(/^[.\s]+/u, "");
  return plain === "" ? "file" : plain;
}

async function openNew(folder: string, name: string) {
  const { name: stem, ext } = parse(name);
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem} (${number})${ext}`);
    try {
      return { path, handle: await open(path, "wx") };
    } catch (thrown) {
      if (!isTaken(thrown)) throw thrown;
    }
  }
  throw new Error(`${folder} holds ${MOST_NAMES} files of the name ${name}`);
}

const isTaken = (thrown: unknown): boolean => thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";
