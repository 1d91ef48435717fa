/** Files of conversations: `*.jsonl`, one conversation a line. docs/evaluation.md says what may stand in them. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Expectation, judge } from "./checks.ts";
import { type Line, LinesError, readLines } from "./lines.ts";
import type { Script } from "./play.ts";

const TextFile = z.strictObject({ name: z.string().min(1), text: z.string() });

const Turn = z
  .strictObject({
    say: z.string().min(1).optional(),
    forward: z.string().min(1).optional(),
    file: TextFile.optional(),
    press: z.string().min(1).optional(),
    of: z.int().positive().optional(),
    expect: Expectation.default({}),
  })
  .refine(({ say, press, forward, file }) => [say, press, forward, file].some((part) => part !== undefined), {
    error: "a turn needs one of say, press, forward, file",
  });

const FIX = "docs/evaluation.md lists what a conversation, a turn and its `expect` may hold.";

/** One conversation. */
export const Conversation = z.strictObject({
  id: z.string().min(1),
  /** Results are added up by both. */
  kind: z.string().min(1).default("conversation"),
  language: z.string().min(1).default("en"),
  /** Who speaks, for whoever reads the file. */
  voice: z.string().optional(),
  chat: z.enum(["direct", "group"]).default("direct"),
  before: z.array(z.string().min(1)).default([]),
  turns: z.array(Turn).min(1),
});

/** Everything in a folder (or one file) that can be played. Throws `LinesError` with file, line and fix. */
export function readConversations(path: string, locale: string): readonly Script[] {
  const scripts = filesIn(path).flatMap((file) =>
    readLines(Conversation, file, FIX).map((one) => scriptOf(one, locale)),
  );
  if (scripts.length === 0)
    throw new LinesError(
      path,
      "holds no conversations",
      'Write one a line into a file that ends in .jsonl: {"id":"hello","turns":[{"say":"hello","expect":{"says":"greets"}}]}',
    );
  const known = new Map<string, string>();
  for (const { id, where } of scripts) {
    const other = known.get(id);
    if (other !== undefined)
      throw new LinesError(where, `the id "${id}" stands in ${other} as well`, "Give each its own id.");
    known.set(id, where);
  }
  return scripts;
}

function filesIn(path: string): readonly string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined)
    throw new LinesError(path, "is not there", "Name a folder with files that end in .jsonl, or such a file.");
  if (!isFolder) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .map((name) => join(path, name));
}

function scriptOf({ where, row }: Line<z.output<typeof Conversation>>, locale: string): Script {
  const { turns, ...rest } = row;
  return {
    ...rest,
    where,
    turns: turns.map(({ expect, ...turn }) => ({ ...turn, judge: (facts) => judge(expect, facts, locale) })),
  };
}
