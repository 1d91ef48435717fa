/** Raw events as files: recorded from a running adapter, redacted, and read again by tests. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Identity, Normalized } from "../adapter.ts";
import type { AnyAdapter } from "../adapter-binding.ts";
import { createRedactor } from "./redact.ts";
import type { Logger } from "../telemetry.ts";
import type { RawFixture } from "./subject.ts";

const StoredIdentity = z.object({ userIds: z.array(z.string()), name: z.string().exactOptional() });
const StoredFixture = z.strictObject({
  type: z.enum(["message", "edit", "delete", "action", "reaction", "command", "membership"]),
  userId: z.string(),
  text: z.string().optional(),
  identity: StoredIdentity.optional(),
  raw: z.unknown(),
});

/** A payload with what the adapter knew of itself. */
export const Recorded = z.object({ raw: z.unknown(), identity: StoredIdentity.optional() });

/** More tell nothing new. */
const MOST_FILES = 200;

/** Every fixture of a folder, in the order of their file names. Throws where a file is none. */
export function readFixtures(folder: URL | string): readonly RawFixture[] {
  const directory = typeof folder === "string" ? folder : fileURLToPath(folder);
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => {
      const { text, identity, ...fixture } = StoredFixture.parse(
        JSON.parse(readFileSync(join(directory, name), "utf8")),
      );
      return { ...fixture, ...(text === undefined ? {} : { text }), ...(identity === undefined ? {} : { identity }) };
    });
}

/**
 * The same adapter, writing one redacted fixture for each new shape of payload it maps. What it says of an event
 * (its user, its words) is taken from the redacted payload, so that the recorded fixture is true of itself.
 */
export function recording(adapter: AnyAdapter, directory: string): AnyAdapter {
  const shapes = new Set<string>();
  mkdirSync(directory, { recursive: true });
  const redact = createRedactor(adapter.safeParts);
  const record = (
    observed: { readonly raw: unknown; readonly identity: Identity | undefined },
    { again, log }: { again: (redacted: unknown, identity: Identity | undefined) => Normalized; log: Logger },
  ): void => {
    // Together, so that the account has one replaced id in both.
    const { raw: redacted, identity } = Recorded.parse(redact(observed));
    const normalized = again(redacted, identity);
    if ("ignored" in normalized) {
      log.warn(
        { reason: normalized.ignored },
        "No fixture was recorded: the adapter does not know the payload any more once it is masked. Name its types in `safeParts`.",
      );
      return;
    }
    const { event } = normalized;
    const shape = `${event.type} ${shapeOf(redacted)}`;
    if (shapes.has(shape) || shapes.size >= MOST_FILES) return;
    shapes.add(shape);
    const words = "text" in event && event.type !== "command" ? { text: event.text } : {};
    const fixture = { type: event.type, userId: event.user.id, ...words, identity, raw: redacted };
    const name = `${adapter.manifest.platform}-${String(shapes.size).padStart(3, "0")}-${event.type}.json`;
    writeFileSync(join(directory, name), `${JSON.stringify(fixture, undefined, 2)}\n`);
  };
  return {
    ...adapter,
    bind: (settings) => {
      const bound = adapter.bind(settings);
      let identity: Identity | undefined;
      return {
        ...bound,
        connect: async (context) =>
          await bound.connect({
            ...context,
            identify: (known) => {
              identity = known;
              context.identify(known);
            },
            accept: async (normalized, raw) => {
              const again = (redacted: unknown, known: Identity | undefined) =>
                bound.normalize(redacted, context.accountName, known);
              if (raw !== undefined && !("ignored" in normalized))
                record({ raw, identity }, { again, log: context.log });
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
