import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { linkSignals } from "./signals.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

describe("a linked signal", () => {
  it("aborts with the first source and its reason", () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const { signal } = linkSignals([one.signal, undefined, two.signal]);
    two.abort("second");
    one.abort("first");
    expect(signal.reason).toBe("second");
  });

  it("is aborted from the start where a source is", () => {
    const { signal } = linkSignals([new AbortController().signal, AbortSignal.abort("gone")], 1_000);
    expect(signal.reason).toBe("gone");
  });

  it("aborts after its time with a TimeoutError, whatever was collected in between", async () => {
    const source = new AbortController();
    let fired = 0;
    for (let index = 0; index < 50; index += 1) {
      linkSignals([source.signal], 40).signal.addEventListener("abort", (event) => {
        if (event.target instanceof AbortSignal && event.target.reason.name === "TimeoutError") fired += 1;
      });
    }
    collectGarbage();
    await sleep(1);
    collectGarbage();
    await expect.poll(() => fired).toBe(50);
    expect(getEventListeners(source.signal, "abort")).toHaveLength(0);
  });

  it("leaves nothing behind at a source that lives on", () => {
    const source = new AbortController();
    const links = Array.from({ length: 5 }, () => linkSignals([source.signal], 60_000));
    expect(getEventListeners(source.signal, "abort")).toHaveLength(5);
    for (const { release } of links) release();
    expect(getEventListeners(source.signal, "abort")).toHaveLength(0);
    source.abort();
    expect(links.map(({ signal }) => signal.aborted)).toEqual([false, false, false, false, false]);
  });
});
