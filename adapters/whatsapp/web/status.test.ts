import { describe, expect, it } from "vitest";
import type { Status, StatusEvent } from "./status.ts";
import { healthOf, INITIAL_STATUS, nextStatus, pauseBeforeRestart, reasonToRestart } from "./status.ts";

const rules = { readyTimeoutMs: 180_000, pinnedVersion: undefined };
const ready: StatusEvent = { name: "ready", version: "2.3000.1", ids: [], choosesIds: true };
const after = (...events: readonly StatusEvent[]): Status =>
  events.reduce((status, event, index) => nextStatus(status, event, index * 1_000), INITIAL_STATUS);
const stateOf = (status: Status): string => healthOf(status, rules, undefined).state;

describe("the state of WhatsApp Web", () => {
  it("goes from the QR code over synchronising to ready", () => {
    const steps: readonly StatusEvent[] = [
      { name: "spawned" },
      { name: "login", kind: "qr", value: "2@…" },
      { name: "authenticated" },
      { name: "syncing", percent: 40 },
      ready,
    ];
    const states = steps.map((_, index) => stateOf(after(...steps.slice(0, index + 1))));
    expect(states).toEqual(["starting", "login-required", "starting", "starting", "live"]);
  });

  it("authenticated is not ready: without an end it is started anew", () => {
    const stuck = after({ name: "spawned" }, { name: "authenticated" });
    expect(reasonToRestart(stuck, 100_000, rules)).toBeUndefined();
    expect(reasonToRestart(stuck, 200_000, rules)).toBe("it did not become ready in time");
  });

  it("a login code that is not renewed is dead, and a new one is made", () => {
    const waiting = after({ name: "spawned" }, { name: "login", kind: "qr", value: "2@…" });
    expect(reasonToRestart(waiting, 200_000, rules)).toBeUndefined();
    expect(reasonToRestart(waiting, 300_000, rules)).toBe("the login code was not renewed");
  });

  it("a browser that stops answering is degraded, recovers by itself, or is started anew", () => {
    const silent = after({ name: "spawned" }, ready, { name: "unresponsive" });
    expect(stateOf(silent)).toBe("degraded");
    expect(reasonToRestart(silent, 200_000, rules)).toBe("it did not recover");
    expect(stateOf(nextStatus(silent, { name: "socket", state: "CONNECTED" }, 5_000))).toBe("live");
  });

  it("a line that is cut is degraded, and live when it is back", () => {
    const cut = after({ name: "spawned" }, ready, { name: "socket", state: "TIMEOUT" });
    expect(healthOf(cut, rules, undefined)).toMatchObject({
      state: "degraded",
      detail: expect.stringContaining("TIMEOUT"),
    });
    expect(stateOf(nextStatus(cut, { name: "socket", state: "CONNECTED" }, 5_000))).toBe("live");
  });

  it("says that the telephone unlinked it, and keeps saying so until it is linked again", () => {
    const unlinked = after({ name: "spawned" }, ready, { name: "logged-out" }, { name: "exited", detail: "code 0" });
    expect(healthOf(unlinked, rules, undefined)).toMatchObject({
      state: "login-required",
      remedy: "Run: parley login",
    });
  });

  it("waits longer after each failed start, and does not fight for an account that runs elsewhere", () => {
    const ended: StatusEvent = { name: "exited", detail: "code 1" };
    const starts = [1, 2, 3, 8].map((count) => after(...Array.from({ length: count }, () => ended)));
    expect(starts.map(pauseBeforeRestart)).toEqual([1_000, 2_000, 4_000, 60_000]);
    const elsewhere = after({ name: "failed", reason: "conflict", detail: "CONFLICT" }, ended);
    expect(pauseBeforeRestart(elsewhere)).toBe(60_000);
    expect(healthOf(elsewhere, rules, undefined).remedy).toContain("somewhere else");
  });

  it("names the version that runs instead of the pinned one", () => {
    const health = healthOf(after({ name: "spawned" }, ready), { ...rules, pinnedVersion: "2.3000.9" }, undefined);
    expect(health).toMatchObject({ state: "degraded", remedy: expect.stringContaining("2.3000.9.html") });
  });
});
