/**
 * What a start of the built sample costs: time until it is ready, time of the first answer after that, memory when idle.
 *
 * npm run bench -- start [--rounds 5] [--idle 60]
 *
 * Each round is a new process with an empty data directory. Medians are printed; CPU time is printed beside wall-clock
 * time because it moves less with the load of the machine.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask, startServer } from "../server.ts";
import { median } from "../median.ts";

const GOAL = { readyMs: 1_500, answerMs: 1_000, idleMegabytes: 130 };
/** Of the kernel's accounts of CPU time. */
const TICK_MS = 10;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "5" }, idle: { type: "string", default: "60" } },
  });
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const measured = await measure(Number(values.idle) * 1_000);
    rounds.push(measured);
    console.log(
      `ready after ${measured.readyMs} ms (CPU ${measured.readyCpuMs}), first answer after ${measured.answerMs} ms more (CPU ${measured.answerCpuMs}), idle ${measured.idleMegabytes} MB`,
    );
  }
  const middle = (name: keyof Round): number => median(rounds.map((round) => round[name]));
  console.log(
    `medians: ready ${middle("readyMs")} ms (goal ${GOAL.readyMs}), CPU ${middle("readyCpuMs")} ms; first answer ${middle("answerMs")} ms (goal ${GOAL.answerMs}), CPU ${middle("answerCpuMs")} ms; idle ${middle("idleMegabytes")} MB (goal < ${GOAL.idleMegabytes})`,
  );
}

interface Round {
  readonly readyMs: number;
  readonly readyCpuMs: number;
  readonly answerMs: number;
  readonly answerCpuMs: number;
  readonly idleMegabytes: number;
}

async function measure(idleMs: number): Promise<Round> {
  const server = await startServer("bots.config.ts");
  try {
    const readyCpuMs = cpuMs(server.child.pid);
    const askedAt = performance.now();
    const response = await ask(server.url, "What does a replacement card cost?");
    const answer = await response.text();
    if (!answer.includes("9.00")) throw new Error(`not the answer: ${answer}`);
    const answeredAt = performance.now();
    const answerCpuMs = cpuMs(server.child.pid) - readyCpuMs;
    await sleep(idleMs);
    return {
      readyMs: Math.round(server.readyAfterMs),
      readyCpuMs,
      answerMs: Math.round(answeredAt - askedAt),
      answerCpuMs,
      idleMegabytes: server.residentMegabytes(),
    };
  } finally {
    await server.stop();
  }
}

/** User and system time of a process so far, from the kernel. */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
