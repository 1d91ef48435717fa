/**
 * What the graph of the crew costs by itself, and what a request that waits takes.
 *
 * npm run bench -- crew [--turns 2000]
 *
 * Roles and tool answer at once, so the CPU time of a turn (user and system, of this process) is the graph's: reading, one
 * tool call, answering, with trace and spans that go nowhere. A frame is kept with its turn and in no process; its size is
 * that of its JSON in the store and of its objects while a turn has it in hand.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPromptMask } from "../../agents/model-roles/prompt-mask.ts";
import { runGraph } from "../../agents/graph.ts";
import type { Roles } from "../../agents/roles/contract.ts";
import { createCallDesk } from "../../agents/roles/tool-calls.ts";
import { createTeam } from "../../agents/specialists/team.ts";
import type { CrewInput, CrewTurn } from "../../core/crew.ts";
import type { Frame } from "../../core/dialogue.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";

const WARM_UP = 300;
const FRAMES = 50_000;

const input: CrewInput = {
  bot: { id: "bench", name: "Bench", persona: "", locale: "en" },
  chatType: "direct",
  userName: undefined,
  text: "how much is it?",
  referred: [],
  mentions: [],
  attachments: [],
  history: [],
  memory: [],
  dialogue: [],
  locale: "en",
  now: "2026-11-21T10:00:00Z",
  timeZone: "UTC",
};

const turn: Omit<CrewTurn, "signal"> = {
  tools: {
    tools: [],
    entities: async () => [],
    call: async () => ({ status: "done", result: { value: 1 } }),
  },
  emit: () => undefined,
  trace: () => undefined,
  usage: () => undefined,
  steering: () => [],
};

const roles: Roles = {
  model: "none",
  analyze: async () => ({
    intent: "price",
    route: "tool",
    confidence: 1,
    request: input.text,
    needsTools: true,
    personal: false,
    remember: [],
    selection: { kind: "call", calls: [{ tool: "price", input: {} }], isLast: true },
  }),
  select: async () => ({ kind: "enough" }),
  respond: async () => ({ text: "One.", confidence: 1 }),
};

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { turns: { type: "string", default: "2000" } } });
  for (let done = 0; done < WARM_UP; done += 1) await oneTurn();
  const costs: number[] = [];
  for (let done = 0; done < Number(values.turns); done += 1) {
    const before = process.cpuUsage();
    await oneTurn();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  costs.sort((left, right) => left - right);
  const at = (share: number): string => (costs[Math.floor(share * (costs.length - 1))] ?? 0).toFixed(2);
  console.log(`graph, CPU per turn: p50 ${at(0.5)} ms (goal < 5), p99 ${at(0.99)} ms (goal < 15)`);
  const frame = JSON.stringify(frameOf(0)).length;
  console.log(`open frame: ${frame} bytes in the store, ${bytesOfFrame()} bytes of heap while a turn has it in hand`);
}

async function oneTurn(): Promise<void> {
  const own = { ...turn, signal: new AbortController().signal };
  const desk = { input, turn: own, clock: Date.now, telemetry: silentTelemetry, mask: createPromptMask() };
  const team = createTeam({ specialists: [], desk, roles, rolesOf: async () => roles });
  await runGraph({ desk, roles, calls: createCallDesk(own, "en"), team, maxToolRounds: 4 });
}

function frameOf(index: number): Frame {
  return {
    tool: "transfer_money",
    slots: {
      amount: { value: { minor: 2_000 + index, currency: "EUR" }, literal: `${20 + index} euros`, source: "own" },
      to: { value: `Payee ${index}`, literal: `payee ${index}`, source: "known" },
    },
    asked: "from",
    at: "2026-11-21T10:00:00Z",
  };
}

function bytesOfFrame(): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  const before = process.memoryUsage().heapUsed;
  const held = Array.from({ length: FRAMES }, (_, index) => frameOf(index));
  collect();
  const after = process.memoryUsage().heapUsed;
  return Math.round((after - before) / held.length);
}
