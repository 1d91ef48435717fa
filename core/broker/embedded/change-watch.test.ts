import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../../store/sqlite/database.ts";
import { BEAT_MS } from "../../timing/beat.ts";
import { type ChangeWatch, watchChanges } from "./change-watch.ts";

describe("a watched file", () => {
  let directory: string;
  /** Those of the connections. */
  let timers = 0;
  const opened: { readonly close: () => void }[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "parley-watch-"));
    timers = 0;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  });
  afterEach(() => {
    for (const one of opened.splice(0).toReversed()) one.close();
    vi.useRealTimers();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A connection of its own, as each process has one. */
  function open(): { readonly watch: ChangeWatch; readonly commit: () => void } {
    const before = vi.getTimerCount();
    const database = openDatabase(join(directory, "broker.db"), {});
    timers += vi.getTimerCount() - before;
    database.exec("CREATE TABLE IF NOT EXISTS notes (text TEXT)");
    opened.push(database);
    const watch = watchChanges(database, {
      clock: () => 0,
      report: (thrown) => {
        throw thrown;
      },
    });
    opened.push(watch);
    const commit = (): void => {
      database.exec("INSERT INTO notes VALUES ('x')");
      watch.notify();
    };
    return { watch, commit };
  }

  /** Until nothing is left but the beat, which both share: the bell was heard. */
  async function untilAtRest(...processes: readonly { readonly commit: () => void }[]): Promise<void> {
    await vi.waitFor(() => {
      for (const { commit } of processes) commit();
      vi.advanceTimersByTime(BEAT_MS);
      expect(vi.getTimerCount()).toBe(timers + 1);
    });
  }

  it("that nobody changes is not looked at between two beats, and a change by another is heard at once", async () => {
    const [here, there] = [open(), open()];
    await untilAtRest(here, there);
    const heard = new Promise<void>((resolve) => void here.watch.onForeignChange(resolve));
    there.commit();
    await heard;
  });

  it("tells of what is due without a change", async () => {
    const one = open();
    await untilAtRest(one);
    let due = 1_000;
    let told = 0;
    one.watch.onDue(
      () => due,
      () => {
        told += 1;
        due = Number.POSITIVE_INFINITY;
      },
    );
    expect(vi.getTimerCount()).toBe(timers + 2);
    due = 0;
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(1);
  });

  it("is looked at more often while others work on it", () => {
    const [here, there] = [open(), open()];
    let heard = 0;
    here.watch.onForeignChange(() => (heard += 1));
    for (let change = 0; change < 21; change += 1) {
      there.commit();
      vi.advanceTimersByTime(25);
    }
    there.commit();
    vi.advanceTimersByTime(5);
    expect(heard).toBe(22);
  });
});
