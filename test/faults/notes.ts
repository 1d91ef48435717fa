/** What processes write down about themselves: one file per process, each line on disk before the next step is taken. */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { z } from "zod";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Logger, Telemetry } from "../../core/telemetry.ts";

export const Note = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("start"), at: z.number(), pid: z.number(), token: z.string() }),
  z.object({ kind: z.literal("end"), at: z.number(), pid: z.number(), token: z.string(), fenced: z.boolean() }),
  z.object({
    kind: z.literal("entry"),
    at: z.number(),
    pid: z.number(),
    token: z.string(),
    entry: z.string(),
    eventId: z.string(),
    position: z.string(),
  }),
]);
export type Note = z.infer<typeof Note>;
type NoteDraft = Note extends infer One ? (One extends Note ? Omit<One, "at" | "pid"> : never) : never;

/** Milliseconds that are the same in all processes of the machine and never jump. */
export const machineNow = (): number => performance.timeOrigin + performance.now();

/** Opens the process's file of notes. */
export function openNotes(directory: string): (note: NoteDraft) => void {
  const path = join(directory, `notes-${process.pid}.jsonl`);
  return (note) => appendFileSync(path, `${JSON.stringify({ ...note, at: machineNow(), pid: process.pid })}\n`);
}

/** All notes of all processes, in order of time. A line that its process died over is left out. */
export function readNotes(directory: string): readonly Note[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith("notes-"))
    .flatMap((name) => readFileSync(join(directory, name), "utf8").split("\n"))
    .filter((line) => line.endsWith("}"))
    .map((line) => Note.parse(JSON.parse(line)))
    .toSorted((left, right) => left.at - right.at);
}

/** Telemetry whose warnings and errors go to a file, for whoever looks into a failed experiment. */
export function loggingTelemetry(directory: string, role: string): Telemetry {
  const path = join(directory, `log-${role}-${process.pid}.txt`);
  const write = (level: string, bound: object) => (fields: object, message: string) =>
    appendFileSync(
      path,
      `${new Date().toISOString()} ${level} ${message} ${JSON.stringify({ ...bound, ...fields })}\n`,
    );
  const logger = (bound: object): Logger => ({
    debug: () => undefined,
    info: () => undefined,
    warn: write("warn", bound),
    error: write("error", bound),
    child: (fields) => logger({ ...bound, ...fields }),
  });
  return { ...silentTelemetry, log: logger({}) };
}

/** The token in a text, which starts with `#`. */
export function tokenIn(text: string): string {
  return /#([\w.-]*\w)/u.exec(text)?.[1] ?? "";
}
