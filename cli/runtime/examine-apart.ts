/**
 * The examination in a process of its own. A name server, a disk or a configuration that hangs can hold a whole process,
 * its end included; this one is ended from outside, and what it had found until then is told.
 */
import { fork } from "node:child_process";
import { z } from "zod";
import type { Check } from "../../core/check.ts";

/** From the start of the command until the examination is ended; printing takes the rest of fifteen seconds. */
const LIMIT_MS = 12_000;

const Progress = z.object({
  name: z.string(),
  checks: z
    .array(
      z.object({
        name: z.string(),
        status: z.enum(["ok", "warning", "error"]),
        detail: z.string(),
        remedy: z.string().optional(),
      }),
    )
    .optional(),
});

/** Examines, and gives what was found in the order in which it was begun. Never takes longer than the limit. */
export async function examineApart(configFile: string): Promise<readonly Check[]> {
  const begun = new Map<string, readonly Check[] | undefined>();
  const words = ["--config", configFile, "doctor", "--report"];
  const child = fork(process.argv[1] ?? "", words, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.on("message", (message) => {
    const { name, checks } = Progress.parse(message);
    begun.set(
      name,
      checks?.map(({ remedy, ...check }) => ({ ...check, ...(remedy !== undefined && { remedy }) })),
    );
  });
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      child.kill("SIGKILL");
    },
    Math.max(0, LIMIT_MS - performance.now()),
  );
  // It disconnects when it has told everything; what it holds open by then is of no use to anybody.
  await new Promise((resolve) => child.once("disconnect", resolve));
  clearTimeout(timer);
  child.kill("SIGKILL");
  child.unref();
  const found = [...begun].flatMap(([name, checks]) => checks ?? [isLate ? unfinished(name) : brokenOff(name)]);
  return found.length > 0 ? found : [isLate ? unfinished("doctor") : brokenOff("doctor")];
}

function unfinished(name: string): Check {
  const detail = `not finished within ${Math.floor(LIMIT_MS / 1000)} s`;
  return { name, status: "error", detail, remedy: "See what holds it up: a name server, a disk, a busy machine." };
}

function brokenOff(name: string): Check {
  return { name, status: "error", detail: "the examination ended in the middle of it; what it said stands above" };
}
