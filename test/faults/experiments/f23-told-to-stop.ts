/** F23: SIGTERM to a worker with turns in hand, shorter and longer than its grace. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must, seconds } from "../experiment.ts";
import { message } from "../feed.ts";
import { machineNow, readNotes } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const GRACE_MS = 4_000;
const SHORT_TURN_MS = 2_000;
const LONG_TURN_MS = 9_000;
/** What is closed after the grace. */
const MARGIN_MS = 2_000;
const AGAIN_WITHIN_MS = 2_500;
const TURNS = 6;

interface Stop {
  /** From the signal to the end of the process. */
  readonly tookMs: number;
  /** When it had ended and another worker was there. */
  readonly freeAt: number;
  readonly pid: number;
}

/** Hands turns of this length to the only worker, tells it to stop when all run, and starts another. */
async function stopWithTurns(stage: Stage, turnMs: number, name: string): Promise<Stop> {
  const [worker] = stage.living("worker");
  if (worker === undefined) throw new Error("There is no worker to stop.");
  const chats = Array.from({ length: TURNS }, (_, index) => `k${name}${index}`);
  await Promise.all(chats.map(async (chat) => await stage.feed.hand(message(chat, 1, `works:${turnMs}`), 0)));
  const running = (): number =>
    readNotes(stage.directory).filter((note) => note.kind === "start" && note.token.startsWith(`k${name}`)).length;
  while (running() < TURNS) await sleep(20);
  const askedAt = machineNow();
  worker.signal("SIGTERM");
  await Promise.all([stage.start("worker"), Promise.race([worker.ended, sleep(GRACE_MS * 4)])]);
  const freeAt = machineNow();
  return { tookMs: (worker.endedAt() ?? Infinity) - askedAt, freeAt, pid: worker.pid };
}

export const toldToStop: Experiment = {
  id: "F23",
  title: "SIGTERM with turns in hand: short ones are finished, long ones given back at once",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const stops: Stop[] = [];
    return await runScenario({
      kind,
      store,
      keepFiles,
      workers: 1,
      spec: { graceMs: GRACE_MS },
      pace: { events: short ? 60 : 200, chats: 10, perSecond: 15 },
      faults: async (stage) => {
        await sleep(1_000);
        stops.push(await stopWithTurns(stage, SHORT_TURN_MS, "short"));
        stops.push(await stopWithTurns(stage, LONG_TURN_MS, "long"));
      },
      conclude: (stage, { notes }) => {
        const slowness = stage.slowness();
        const lastEnd = GRACE_MS + MARGIN_MS * slowness;
        const starts = notes.filter((note) => note.kind === "start");
        const startsOf = (name: string) => starts.filter(({ token }) => token.startsWith(`k${name}`));
        const [first, second] = stops;
        const again = startsOf("long").filter(({ pid }) => pid !== second?.pid);
        const delays = again.map(({ at }) => at - (second?.freeAt ?? Infinity));
        const slowest = Math.max(...stops.map(({ tookMs }) => tookMs));
        return {
          faults: [
            ...must(startsOf("short").length === TURNS, `${startsOf("short").length - TURNS} drained turns ran twice`),
            ...must(
              (first?.tookMs ?? Infinity) <= GRACE_MS * slowness,
              `the drain took ${seconds(first?.tookMs ?? Infinity)}`,
            ),
            ...must(slowest <= lastEnd, `a process ended ${seconds(slowest)} after SIGTERM`),
            ...must(again.length === TURNS, `${again.length} of ${TURNS} turns were taken up again`),
            ...must(
              Math.max(...delays) <= AGAIN_WITHIN_MS * slowness,
              `taken up again after ${seconds(Math.max(...delays))}`,
            ),
          ],
          figures: {
            drained: seconds(first?.tookMs ?? Infinity),
            "gave back": seconds(second?.tookMs ?? Infinity),
            "taken up again": seconds(Math.max(0, ...delays)),
          },
        };
      },
    });
  },
};
