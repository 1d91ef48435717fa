/** What a process had in hand when it died is finished by another one, on this host or another, and by one only. */
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processIdentity } from "../../core/broker/process-identity.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { NOON, temporaryFolder, testEnvironment } from "../../test/support/bank-chat.ts";
import { testEngines } from "../../test/support/engines.ts";
import { proposal, proposer } from "../../test/support/proposal.ts";
import { createAudit } from "../audit/index.ts";
import { createExecution, type Execution } from "./execution.ts";
import { proposalModule } from "./proposal-module.ts";
import { table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";

const clock = { now: NOON };
const leaseMs = 500;
/** Processes that ended, and one of which nobody here can tell. */
const dead = JSON.stringify({ ...processIdentity(), pid: spawnSync("true").pid });
const elsewhere = JSON.stringify({ ...processIdentity(), machine: "another" });

let folder: ReturnType<typeof temporaryFolder>;
let keys: string[];
let closing: (() => Promise<void>)[];
beforeEach(() => {
  folder = temporaryFolder();
  clock.now = NOON;
  keys = [];
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  folder.remove();
});

describe.each(testEngines())("in $name", (engine) => {
  let host: () => Promise<{ readonly storage: ProposalStorage; readonly execution: Execution }>;
  beforeEach(async () => {
    const place = await engine.place(folder.path);
    host = async () => {
      const databases = await place.open();
      const database = databases.open("actions.db");
      await database.migrate(proposalModule);
      const environment = testEnvironment(clock);
      const { log } = silentTelemetry;
      const audit = await createAudit(database, directoryFiles(folder.path), { clock: environment.clock, log });
      closing.push(async () => {
        await audit.close();
        await database.close();
        await databases.close();
      });
      const storage = { audit, read: database.read, write: audit.write, clock: environment.clock };
      const tools = {
        knows: () => true,
        refusal: () => undefined,
        alternatives: async () => [],
        afterwards: () => undefined,
        propose: async () => ({ summary: "Pay" }),
        execute: async (_tool: string, _input: unknown, context: { readonly idempotencyKey: string }) => {
          keys.push(context.idempotencyKey);
          return { value: null };
        },
      };
      return {
        storage,
        execution: createExecution({ storage, tools, environment, telemetry: silentTelemetry, leaseMs }),
      };
    };
  });

  /** Somebody confirmed it and executes it. */
  async function inHandOf(owner: string, { storage }: { readonly storage: ProposalStorage }): Promise<void> {
    await storage.write(function* () {
      yield* table.insert(proposal("a"));
      yield* table.confirm("a", proposer, { owner, leaseUntil: NOON + leaseMs, now: NOON, eventId: "press" });
    });
  }

  it("a dead process here is followed at once, by one", async () => {
    const hosts = [await host(), await host()] as const;
    await inHandOf(dead, hosts[0]);
    const finished = await Promise.all(hosts.map(async ({ execution }) => await execution.recover("harbour")));
    expect(finished.toSorted((left, right) => left - right)).toEqual([0, 1]);
    expect(keys).toEqual(["proposal:a"]);
    expect(await hosts[0].storage.read(() => table.find("a"))).toMatchObject({ status: "executed", executions: 2 });
  });

  it("a process of another host is left alone until its lease is over", async () => {
    const hosts = [await host(), await host()] as const;
    await inHandOf(elsewhere, hosts[0]);
    for (const { execution } of hosts) {
      expect(await execution.recover("harbour")).toBe(0);
      expect(await execution.takeOverAbandoned("harbour")).toBe(0);
    }
    clock.now += leaseMs;
    const finished = await Promise.all(
      hosts.map(async ({ execution }) => await execution.takeOverAbandoned("harbour")),
    );
    expect(finished.toSorted((left, right) => left - right)).toEqual([0, 1]);
    expect(keys).toEqual(["proposal:a"]);
  });

  it("what nobody holds is tried again by nobody but its requester, at a start neither", async () => {
    const one = await host();
    await inHandOf(elsewhere, one);
    await one.storage.write(() => table.release("a", 1));
    expect(await one.execution.takeOverAbandoned("harbour")).toBe(0);
    expect(await one.execution.recover("harbour")).toBe(0);
  });
});
