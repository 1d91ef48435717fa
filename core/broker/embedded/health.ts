/** Findings about the file, for start-up and `doctor`. */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Check } from "../../check.ts";
import { describeError } from "../../errors.ts";
import type { Broker } from "../broker.ts";
import type { EmbeddedContext, Synchronous } from "./database.ts";

const LOW_SPACE_BYTES = 200 * 1024 * 1024;

/** Checks integrity, WAL mode, durability, space and a real round trip. */
export async function checkEmbedded(
  context: EmbeddedContext,
  file: { readonly path: string; readonly synchronous: Synchronous },
  memory: Pick<Broker, "remember" | "recall">,
): Promise<readonly Check[]> {
  return [
    await finding("broker round trip", "Make the file's folder writable and free some space.", async () => {
      const value = context.environment.newId();
      await memory.remember("check", value, 60_000);
      if ((await memory.recall("check")) !== value) throw new Error("what was written was not read back");
      return `${file.path} can be written and read`;
    }),
    await finding("broker integrity", "Stop Parley and restore the file from a backup.", async () => {
      const result = context.database.pragma("quick_check(1)", { simple: true });
      if (result !== "ok") throw new Error(`SQLite reports: ${String(result)}`);
      return "the file is sound";
    }),
    await finding("broker journal", "Move the file to a local disk: WAL does not work on network drives.", async () => {
      const mode = context.database.pragma("journal_mode", { simple: true });
      if (mode !== "wal") throw new Error(`journal mode is ${String(mode)}, not wal`);
      return "WAL";
    }),
    durability(file.synchronous),
    await diskSpace(file.path),
  ];
}

function durability(synchronous: Synchronous): Check {
  const name = "broker durability";
  if (synchronous === "full")
    return { name, status: "ok", detail: "synchronous=FULL: accepted events survive a power loss" };
  return {
    name,
    status: "warning",
    detail: "synchronous=NORMAL: a power loss may lose the last accepted events",
    remedy: 'Set synchronous to "full".',
  };
}

async function diskSpace(path: string): Promise<Check> {
  const name = "broker disk space";
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    const free = bavail * bsize;
    const detail = `${Math.round(free / 1024 / 1024)} MiB free`;
    if (free >= LOW_SPACE_BYTES) return { name, status: "ok", detail };
    return { name, status: "warning", detail, remedy: `Free space on the disk of ${path}.` };
  } catch (thrown) {
    return { name, status: "warning", detail: `free space is unknown: ${describeError(thrown)}` };
  }
}

async function finding(name: string, remedy: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, status: "ok", detail: await look() };
  } catch (thrown) {
    return { name, status: "error", detail: describeError(thrown), remedy };
  }
}
