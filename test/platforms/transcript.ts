/** What people saw, as Markdown: the same on every run. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SeenMessage } from "../../core/testing/index.ts";
import type { Talked } from "./conversation.ts";

const DIRECTORY = join("docs", "transcripts");

/** Writes `docs/transcripts/<name>.md`. */
export async function writeTranscript(name: string, title: string, { chats }: Talked): Promise<void> {
  const parts = chats.map((chat) => `## ${chat.title}\n\n${chat.messages().map(describe).join("\n\n")}`);
  const text = [`# ${title}`, "What people see, written by the end-to-end test.", ...parts].join("\n\n");
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(join(DIRECTORY, `${name}.md`), `${withoutChance(text)}\n`);
}

function describe(message: SeenMessage): string {
  const marks = [
    ...(message.thread === undefined ? [] : ["in a thread"]),
    ...(message.edited ? ["edited"] : []),
    ...(message.ephemeral ? ["only visible to this person"] : []),
  ];
  const head = `**${message.author.name}**${marks.length === 0 ? "" : ` (${marks.join(", ")})`}`;
  const choices = message.choices.map(({ label, kind }) => (kind === "button" ? `[ ${label} ]` : `( ${label} )`));
  const lines = [
    ...message.plain.split("\n").map(shortened),
    ...(choices.length === 0 ? [] : [choices.join("  ")]),
    ...message.files.map(({ name, sizeBytes }) => `📎 ${name} (${sizeBytes} bytes)`),
  ];
  const body = middleLeftOut(lines);
  return `${head}\n\n\`\`\`text\n${body.join("\n").replaceAll("```", "'''")}\n\`\`\``;
}

function shortened(line: string): string {
  return line.length > 160 ? `${line.slice(0, 157)}…` : line;
}

/** The long answer is long: its beginning and its end show how it was cut. */
function middleLeftOut(lines: readonly string[]): readonly string[] {
  return lines.length <= 40 ? lines : [...lines.slice(0, 12), `… ${lines.length - 24} lines …`, ...lines.slice(-12)];
}

/** Codes, times and dates of the day differ from run to run. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/(type\s+)[A-Z0-9]{6}/gu, "$1K7M2QX")
    .replaceAll(
      /\b[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}:\d{2}(?:\s?[AP]M)?(?: [A-Z]{2,5}(?:[+-]\d+)?)?/gu,
      "(in a few minutes)",
    )
    .replaceAll(/transactions-\d{4}-\d{2}-\d{2}/gu, "transactions-2026-01-31")
    .replaceAll(/\b[A-Z0-9]*\d[A-Z0-9]*\b(?=\s*$)/gu, (word) =>
      word.length === 6 && /[A-Z]/u.test(word) ? "K7M2QX" : word,
    );
}
