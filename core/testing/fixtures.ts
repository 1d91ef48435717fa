/** Raw events as files: recorded from a running adapter, redacted, and read again by tests. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Normalized } from "../adapter.ts";
import type { AnyAdapter } from "../adapter-binding.ts";
import { redact } from "./redact.ts";
import type { RawFixture } from "./subject.ts";

const StoredFixture = z.strictObject({
  type: z.enum(["message", "edit", "delete", "action", "reaction", "command", "membership"]),
  userId: z.string(),
  text: z.string().optional(),
  raw: z.unknown(),
});

/** More tell nothing new. */
const MOST_FILES = 200;

/** Every fixture of a folder, in the order of their file names. Throws where a file is none. */
export function readFixtures(folder: URL | string): readonly RawFixture[] {
  const directory = typeof folder === "string" ? folder : fileURLToPath(folder);
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => {
      const { text, ...fixture } = StoredFixture.parse(JSON.parse(readFileSync(join(directory, name), "utf8")));
      return { ...fixture, ...(text === undefined ? {} : { text }) };
    });
}

/**
 * The same adapter, writing one redacted fixture for each new shape of payload it maps. What it says of an event
 * (its user, its words) is taken from the redacted payload, so that the recorded fixture is true of itself.
 */
export function recording(adapter: AnyAdapter, directory: string): AnyAdapter {
  const shapes = new Set<string>();
  mkdirSync(directory, { recursive: true });
  const record = (raw: unknown, again: (redacted: unknown) => Normalized): void => {
    const redacted = redact(raw);
    const normalized = again(redacted);
    if ("ignored" in normalized) return;
    const { event } = normalized;
    const shape = `${event.type} ${shapeOf(redacted)}`;
    if (shapes.has(shape) || shapes.size >= MOST_FILES) return;
    shapes.add(shape);
    const words = "text" in event && event.type !== "command" ? { text: event.text } : {};
    const fixture = { type: event.type, userId: event.user.id, ...words, raw: redacted };
    const name = `${adapter.manifest.platform}-${String(shapes.size).padStart(3, "0")}-${event.type}.json`;
    writeFileSync(join(directory, name), `${JSON.stringify(fixture, undefined, 2)}\n`);
  };
  return {
    ...adapter,
    bind: (settings) => {
      const bound = adapter.bind(settings);
      return {
        ...bound,
        connect: async (context) =>
          await bound.connect({
            ...context,
            accept: async (normalized, raw) => {
              if (raw !== undefined) record(raw, (redacted) => bound.normalize(redacted, context.accountName));
              return await context.accept(normalized, raw);
            },
          }),
      };
    },
  };
}

/** Keys and kinds of values, without the values. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].join()}]`;
  if (typeof value !== "object" || value === null) return typeof value;
  const entries = Object.entries(value).toSorted(([left], [right]) => left.localeCompare(right));
  return `{${entries.map(([key, entry]) => `${key}:${shapeOf(entry)}`).join()}}`;
}
