import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { testEngines } from "../../test/support/engines.ts";
import type { TestPlace } from "../../test/support/test-place.ts";
import type { KeptAnswer } from "./calls.ts";
import { openGatewayState } from "./index.ts";
import { gatewayTables } from "./tables.ts";

const call = { id: "call-1", caller: "caller-1", fingerprint: "sent-1" };
const answer: KeptAnswer = { status: 201, headers: '{"content-type":"application/json"}', body: '{"done":true}' };
const done = async () => ({ result: "first", answer });

describe.each(testEngines())("what gateways keep together, in $name", (engine) => {
  /** A gateway process; all of one place know the same. */
  async function open(place: TestPlace, clock: () => number = Date.now) {
    const databases = await place.open();
    const { log } = silentTelemetry;
    const state = await openGatewayState(databases, { clock, newId: () => crypto.randomUUID(), log });
    onTestFinished(async () => {
      await state.close();
      await databases.close();
    });
    return state;
  }
  const somewhere = async (): Promise<TestPlace> => await engine.place(mkdtempSync(join(tmpdir(), "gateway-state-")));

  it("runs a call once, and gives its answer in another process", async () => {
    const place = await somewhere();
    const [one, other] = [await open(place), await open(place)];
    expect(await one.calls.once(call, done)).toBe("first");
    const again = await other.calls.once(call, async () => expect.fail("it ran again"));
    expect(again).toEqual(answer);
  });

  it("of many at once runs one; the others are told that it is under way", async () => {
    const place = await somewhere();
    const states = [await open(place), await open(place), await open(place)];
    let runs = 0;
    const slow = async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { result: "first", answer };
    };
    const outcomes = await Promise.allSettled(
      Array.from(
        { length: 12 },
        async (_none, index) => await (states[index % 3] ?? expect.fail()).calls.once(call, slow),
      ),
    );
    expect(runs).toBe(1);
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(11);
    for (const reason of refused) expect(reason).toMatchObject({ code: "gateway/idempotency-running", status: 409 });
  });

  it("refuses something else under the same key, before and after the answer", async () => {
    const state = await open(await somewhere());
    const other = { ...call, fingerprint: "sent-2" };
    const conflict = { code: "gateway/idempotency-conflict", status: 409 };
    await state.calls.once(call, async () => {
      await expect(state.calls.once(other, done)).rejects.toMatchObject(conflict);
      return await done();
    });
    await expect(state.calls.once(other, done)).rejects.toMatchObject(conflict);
  });

  it("forgets a call that broke, so that it can be made again", async () => {
    const state = await open(await somewhere());
    const broken = state.calls.once(call, async () => await Promise.reject(new Error("broken")));
    await expect(broken).rejects.toThrow("broken");
    expect(await state.calls.once(call, done)).toBe("first");
  });

  it("a call of a dead process is made again after a minute; what the dead one says then counts no more", async () => {
    const place = await somewhere();
    let now = 1_000_000;
    const [dead, alive] = [await open(place, () => now), await open(place, () => now)];
    let wake = (): void => undefined;
    const slept = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const asleep = dead.calls.once(call, async () => {
      begun();
      await slept;
      return { result: "late", answer: { ...answer, body: '"late"' } };
    });
    await isBegun;
    await expect(alive.calls.once(call, done)).rejects.toMatchObject({ code: "gateway/idempotency-running" });
    now += 61_000;
    expect(await alive.calls.once(call, done)).toBe("first");
    wake();
    await asleep;
    expect(await alive.calls.once(call, done)).toMatchObject({ body: answer.body });
  });

  it("keeps an answer for a day, and until its caller is forgotten", async () => {
    let now = 1_000_000;
    const state = await open(await somewhere(), () => now);
    await state.calls.once(call, done);
    now += 86_300_000;
    expect(await state.calls.once(call, done)).toMatchObject({ status: 201 });
    now += 200_000;
    expect(await state.calls.once(call, done)).toBe("first");
    expect(await state.calls.forget(call.caller)).toBe(1);
    expect(await state.calls.once(call, done)).toBe("first");
  });

  it("seals what it keeps", async () => {
    const place = await somewhere();
    const state = await open(place);
    await state.calls.once(call, done);
    const databases = await place.open();
    const database = databases.open(gatewayTables.file);
    const Row = z.object({ body: z.string() });
    const bind = () => ({ sql: "SELECT body FROM gateway_calls", values: [] });
    const [row] = await database.all({ bind, read: (found) => Row.parse(found) }, {});
    await database.close();
    await databases.close();
    expect(row?.body).not.toContain("done");
    expect(await state.calls.once(call, done)).toEqual(answer);
  });

  it("a ticket opens one socket of one address once, in any process", async () => {
    const place = await somewhere();
    let now = 1_000_000;
    const [one, other] = [await open(place, () => now), await open(place, () => now)];
    const { ticket } = await one.tickets.issue("user:anna", "/live");
    const taken = await Promise.all(
      [one, other, one, other].map(async ({ tickets }) => await tickets.consume(ticket, "/live")),
    );
    expect(taken.filter((who) => who !== undefined)).toEqual(["user:anna"]);
    const elsewhere = await one.tickets.issue("user:anna", "/live");
    expect(await one.tickets.consume(elsewhere.ticket, "/other")).toBeUndefined();
    expect(await one.tickets.consume(elsewhere.ticket, "/live")).toBeUndefined();
    const late = await one.tickets.issue("user:anna", "/live");
    now += 30_001;
    expect(await one.tickets.consume(late.ticket, "/live")).toBeUndefined();
    expect(await one.tickets.consume("made up", "/live")).toBeUndefined();
  });
});
