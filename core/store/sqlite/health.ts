import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Check } from "../../check.ts";
import { describeError } from "../../errors.ts";
import type { Connection } from "./connection.ts";

const LOW_DISK_BYTES = 200 * 1024 * 1024;

/** Doctor's findings about the store's file: can be written, is whole, and has room to grow. */
export async function checkDatabase({ database, write }: Connection): Promise<readonly Check[]> {
  return [await checkWrite(write), checkIntegrity(database), await checkDisk(database.name)];
}

async function checkWrite(write: Connection["write"]): Promise<Check> {
  const name = "store write";
  try {
    await write(() => undefined);
    return { name, status: "ok", detail: "a transaction was committed" };
  } catch (thrown) {
    return {
      name,
      status: "error",
      detail: describeError(thrown),
      remedy: "Free disk space, and make sure that the file is writable and that no other program locks it.",
    };
  }
}

function checkIntegrity(database: Connection["database"]): Check {
  const name = "store integrity";
  try {
    const found = database.pragma("quick_check(1)", { simple: true });
    if (found === "ok") return { name, status: "ok", detail: database.name };
    return {
      name,
      status: "error",
      detail: `${database.name}: ${String(found)}`,
      remedy: "Restore the file from a backup.",
    };
  } catch (thrown) {
    return { name, status: "error", detail: describeError(thrown), remedy: "Restore the file from a backup." };
  }
}

async function checkDisk(path: string): Promise<Check> {
  const name = "store disk";
  if (path === ":memory:") {
    return { name, status: "warning", detail: "kept in memory only", remedy: "Configure a file path to keep it." };
  }
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  const detail = `${Math.round(free / 1024 / 1024)} MB free at ${dirname(path)}`;
  return free >= LOW_DISK_BYTES
    ? { name, status: "ok", detail }
    : { name, status: "warning", detail, remedy: "Free disk space: without it messages can no longer be accepted." };
}
