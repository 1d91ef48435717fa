import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import type { StoreContext, StoreUnderTest } from "./context.ts";
import { aTurn, direct } from "./fixtures.ts";

export function durabilityContract({ store, open, place }: StoreContext, { writer }: StoreUnderTest): void {
  describe("durability", () => {
    it("keeps everything over a close, and closes twice without harm", async () => {
      await store().history.write(aTurn());
      await store().close();
      await store().close();
      const reopened = await open();
      expect(await reopened.history.find(direct, "event-1")).toEqual(aTurn());
    });

    it("commits what was asked for before close, and refuses what comes after by name", async () => {
      const pending = store().history.write(aTurn());
      await store().close();
      expect(await pending).toEqual(aTurn());
      await expect(store().history.write(aTurn())).rejects.toMatchObject({ code: "store/closed", retryable: true });
      await expect(store().history.find(direct, "event-1")).rejects.toMatchObject({ code: "store/closed" });
    });

    it("shows one instance what another wrote, and agrees with it on the first answer", async () => {
      const second = await open();
      await store().values.set("a", "b", "c");
      expect(await second.values.get("a", "b")).toBe("c");
      const written = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const { history } = index % 2 === 0 ? store() : second;
          return await history.write(aTurn({ text: `version ${index}` }));
        }),
      );
      expect(new Set(written.map(({ text }) => text)).size).toBe(1);
    });

    it("has what was resolved before kill -9", async () => {
      const child = spawn(process.execPath, [...writer(place())], { stdio: ["ignore", "pipe", "inherit"] });
      const exited = once(child, "exit");
      const resolved: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        resolved.push(line);
        if (resolved.length === 50) child.kill("SIGKILL");
      }
      expect((await exited)[1]).toBe("SIGKILL");
      expect(resolved.length).toBeGreaterThanOrEqual(50);
      const survivor = await open();
      for (const [index, eventId] of resolved.entries()) {
        expect(await survivor.history.find(direct, eventId)).toMatchObject({ eventId });
        expect(await survivor.values.get("writer", eventId)).toBe(index);
      }
      const fresh = await survivor.history.write(aTurn({ eventId: "after" }));
      expect(fresh.eventId).toBe("after");
    });
  });
}
