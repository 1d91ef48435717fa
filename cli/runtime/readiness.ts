/** Whether a process can do its work: for its own health calls, and for what it tells the others. */
import { statfs } from "node:fs/promises";
import { describeError } from "../../core/errors.ts";
import { DatabaseError } from "../../core/store/errors.ts";
import { inTime } from "../../core/timing/deadline.ts";
import type { Readiness } from "../../gateway/index.ts";
import type { Accounts } from "./accounts.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import type { Shared } from "./shared.ts";

const BROKER_DEADLINE_MS = 1_000;
const READY_KEPT_MS = 60_000;
/** Below it the next message may not fit any more. */
const LEAST_SPACE_BYTES = 256 * 1024;

/** Ready when the broker takes messages and no account is down. A degraded account is told, and does not take the others off line. */
export async function readinessOf({
  broker,
  accounts,
  environment,
  loaded,
}: Pick<Shared, "broker" | "environment" | "loaded"> & { readonly accounts: Accounts }): Promise<Readiness> {
  const queue = await brokerState(async () => {
    await refuseFullDisk(dataDirectoryOf(loaded));
    // What is asked is whether a message can be accepted, so something is written.
    await broker.remember("ready", String(environment.clock()), READY_KEPT_MS);
  });
  const platforms = accounts.health().map(({ account, state, detail }) => ({ name: account, state, detail }));
  const ready = queue.state === "live" && (platforms.length === 0 || platforms.some(({ state }) => state !== "down"));
  return { ready, parts: [queue, ...platforms] };
}

/** Files that still have room inside themselves take writes for a while after the disk is full. */
async function refuseFullDisk(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= LEAST_SPACE_BYTES) return;
  throw new DatabaseError(`The disk of ${directory} is full. Free some space there (df -h ${directory}).`, {
    retryable: true,
    cause: undefined,
  });
}

async function brokerState(write: () => Promise<unknown>): Promise<Readiness["parts"][number]> {
  try {
    await inTime(BROKER_DEADLINE_MS, write);
    return { name: "broker", state: "live", detail: "takes messages" };
  } catch (thrown) {
    return { name: "broker", state: "down", detail: describeError(thrown) };
  }
}
