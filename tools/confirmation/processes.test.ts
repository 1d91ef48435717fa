import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  balances,
  type Chatter,
  chatter,
  linkedChatter,
  NOON,
  openBankChat,
  type OpenBankChat,
  proposalIn,
  temporaryFolder,
  type TestClock,
} from "../../test/support/bank-chat.ts";
import { testEngines } from "../../test/support/engines.ts";
import type { TestPlace } from "../../test/support/test-place.ts";

let place: TestPlace;
let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let open: OpenBankChat;
let anna: Chatter;
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await open.close();
  folder.remove();
});

const START = 183_581;
const everyday = async (): Promise<number | undefined> => (await balances(anna))["Everyday"];

async function propose() {
  anna.say("send 40 euros to Emre");
  return proposalIn(await anna.call("transfer_money", { amount: "40.00", to: "Emre" }));
}

async function statusOf(id: string): Promise<string | undefined> {
  const actions = await open.toolset.confirmations.list(anna.conversation);
  return actions.find((action) => action.id === id)?.status;
}

describe.each(testEngines())("in $name", (engine) => {
  beforeEach(async () => {
    folder = temporaryFolder();
    place = await engine.place(folder.path);
    clock = { now: NOON };
    open = await openBankChat(folder.path, clock, { place });
    anna = await linkedChatter(open.toolset, clock);
  });

  it("confirmations execute exactly once from two processes", async () => {
    const proposal = await propose();
    const racers = [startProcess(proposal.id, "many"), startProcess(proposal.id, "many")];
    await Promise.all(racers.map(async (racer) => await racer.line("ready")));
    for (const racer of racers) racer.go();
    const replies = (
      await Promise.all(racers.map(async (racer) => Replies.parse(JSON.parse(await racer.line("[")))))
    ).flat();
    expect(replies).toHaveLength(16);
    expect(replies.filter((text) => text.startsWith("Done"))).toHaveLength(1);
    expect(await everyday()).toBe(START - 4000);
  });

  describe("a process killed after the confirmation", () => {
    it.each(["stall", "stall-after"] as const)(
      "(%s) leaves exactly one effect once another one opens",
      async (mode) => {
        const proposal = await propose();
        const victim = startProcess(proposal.id, mode);
        await victim.line("ready");
        victim.go();
        await victim.line("stalled");
        expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("being carried out");
        await victim.kill();
        await open.close();
        open = await openBankChat(folder.path, clock, { place });
        anna = chatter(open.toolset, clock);
        expect(await everyday()).toBe(START - 4000);
        expect(await statusOf(proposal.id)).toBe("executed");
        expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("done already");
        expect(await everyday()).toBe(START - 4000);
        expect(await open.toolset.check()).toMatchObject([{ status: "ok" }]);
      },
    );

    it("is noticed by the next press in a process that was already running", async () => {
      const proposal = await propose();
      const victim = startProcess(proposal.id, "stall-after");
      await victim.line("ready");
      victim.go();
      await victim.line("stalled");
      await victim.kill();
      expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("Done");
      expect(await everyday()).toBe(START - 4000);
    });
  });
});

const Replies = z.array(z.string());

function startProcess(proposal: string, mode: string) {
  const script = fileURLToPath(new URL("../../test/support/confirm-process.ts", import.meta.url));
  const address = place.url === undefined ? [] : [place.url];
  const child = spawn(process.execPath, ["--import", "tsx", script, folder.path, proposal, mode, ...address], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  let output = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of waiting) look();
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    go: () => void child.stdin.write("go\n"),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    line: async (start: string): Promise<string> =>
      await new Promise((resolve, reject) => {
        const look = (): void => {
          const found = output
            .split("\n")
            .slice(0, -1)
            .find((line) => line.startsWith(start));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        child.once("exit", (code) => reject(new Error(`The process ended with ${code} before it said ${start}`)));
        look();
      }),
  };
}
