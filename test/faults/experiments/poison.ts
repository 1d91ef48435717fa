/** What F3 and F4 share: one message nobody can digest, and one behind it in the same chat. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { textOf } from "../../../core/event.ts";
import { curedPath } from "../echo-bot.ts";
import { message } from "../feed.ts";
import { machineNow, tokenIn } from "../notes.ts";
import type { Stage } from "../stage.ts";

const CHAT = "ktoxic";
const POISON = `${CHAT}.1`;
const BEHIND = `${CHAT}.2`;

export const poisonTokens = (): ReadonlySet<string> => new Set([POISON]);

export async function handPoison(stage: Stage, word: string): Promise<void> {
  await stage.feed.hand(message(CHAT, 1, word), 1);
  await stage.feed.hand(message(CHAT, 2));
}

async function find(stage: Stage) {
  try {
    const letters = await (await stage.observer()).deadLetters.list({ limit: 50 });
    return letters.find(({ event }) => tokenIn(textOf(event)) === POISON);
  } catch {
    // Asked again.
    return undefined;
  }
}

/** Waits until the message is among the dead letters; how long that took, and the reason given. */
export async function quarantine(
  stage: Stage,
  deadlineMs: number,
): Promise<{ readonly ms: number; readonly reason: string }> {
  const startedAt = machineNow();
  while (machineNow() - startedAt < deadlineMs) {
    const letter = await find(stage);
    if (letter !== undefined) return { ms: machineNow() - startedAt, reason: letter.reason };
    await sleep(50);
  }
  return { ms: Infinity, reason: "" };
}

/** An operator repairs what was wrong and puts the message back: it is answered, as was the one behind it. */
export async function cureAndResubmit(stage: Stage): Promise<boolean> {
  writeFileSync(curedPath(stage.directory), "");
  const letter = await find(stage);
  if (letter === undefined || !(await (await stage.observer()).deadLetters.resubmit(letter.id))) return false;
  const seen = (): ReadonlySet<string> => new Set(stage.arrivals.map(({ text }) => tokenIn(text)));
  const deadline = machineNow() + 20_000;
  while (machineNow() < deadline && !(seen().has(POISON) && seen().has(BEHIND))) await sleep(50);
  return seen().has(POISON) && seen().has(BEHIND);
}
