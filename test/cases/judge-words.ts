/** What is made of words while a request waits, and of what may happen by a person's own explicit words only. */
import { asksToForgetAll, asksToRemember } from "../../core/language/memory-words.ts";
import { asksToUnlink } from "../../tools/banking/unlink-words.ts";
import { readReply } from "../../tools/confirmation/read-reply.ts";
import { saysOfLearning } from "../../tools/recommend/ingestion/consent-words.ts";
import type { Verdict } from "./judge.ts";
import type { Words } from "./rows.ts";

/** "Send 15 euros to Jana" waits. */
const waiting = {
  own: ["Transfer €15.00 from Everyday (DE•• •••• 2500) to Jana Novak", "15", "Jana", "Everyday"],
  others: ["Emre Aydin", "Lukas Weber", "Jana Kovac", "Everyday", "Savings"],
};

/** How the desk takes words while a request waits. */
export function deskReading(text: string): string {
  const reading = readReply(text, waiting);
  return reading === "confirm" ? "confirm-words" : reading;
}

/** Which of the things that need explicit words a text asks for. */
export function explicitReading(text: string): string {
  if (asksToUnlink(text)) return "unlink";
  if (saysOfLearning(text, false)) return "consent-off";
  if (saysOfLearning(text, true)) return "consent-on";
  if (asksToForgetAll(text)) return "forget-everything";
  return asksToRemember(text) ? "remember" : "none";
}

/** Wrong: words that agree to nothing were read as a yes. Missed, they leave the request waiting, and it is said so. */
export function judgeDesk(rows: readonly Words[]): readonly Verdict[] {
  return judge(rows, deskReading, (reading) => reading === "confirm-words");
}

/** Wrong: something was read as asked for that was not. Missed, the person is asked. */
export function judgeExplicit(rows: readonly Words[]): readonly Verdict[] {
  return judge(rows, explicitReading, (reading) => reading !== "none");
}

function judge(
  rows: readonly Words[],
  read: (text: string) => string,
  isHarm: (reading: string) => boolean,
): readonly Verdict[] {
  return rows.map(({ id, text, expect, alsoOk }) => {
    const reading = read(text);
    const isRight = [expect, ...alsoOk].includes(reading);
    const result = isRight ? "right" : isHarm(reading) ? "wrong" : "asked";
    return { id, kind: expect, plain: true, result, detail: `${text} → ${reading}` };
  });
}
