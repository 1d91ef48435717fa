import fc from "fast-check";
import { expect, it } from "vitest";
import { createVirtualTime } from "../../test/support/virtual-time.ts";
import { conversationId } from "../conversation-id.ts";
import { RateLimitedError } from "../send-errors.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { createTyping } from "./typing.ts";

const conversation = conversationId({ platform: "scripted", account: "main", chat: "c1" });
const turn = (eventId: string) => ({ conversation, eventId, target: { chat: "c1", userId: "u1" } });

function setup(maxMs?: number, fail: (index: number) => boolean = () => false) {
  const time = createVirtualTime();
  const signals: { readonly on: boolean; readonly at: number }[] = [];
  let index = 0;
  const typing = createTyping({
    typing: { refreshMs: 4_000 },
    session: {
      typing: async (_target, on) => {
        if (fail(index++)) throw new RateLimitedError("scripted", 10_000);
        signals.push({ on, at: time.now() });
      },
    },
    log: silentTelemetry.log,
    sleep: time.sleep,
    ...(maxMs === undefined ? {} : { maxMs }),
  });
  return { time, signals, typing };
}

it("is repeated while the turn runs and cleared at its end", async () => {
  const { time, signals, typing } = setup();
  const start = time.now();
  typing.show(turn("e1"));
  await time.sleep(9_000);
  await typing.clear(turn("e1"));
  expect(signals).toEqual([
    { on: true, at: start },
    { on: true, at: start + 4_000 },
    { on: true, at: start + 8_000 },
    { on: false, at: start + 9_000 },
  ]);
});

it("is cleared by the watchdog when nobody says that the turn ended", async () => {
  const { time, signals, typing } = setup(10_000);
  typing.show(turn("e1"));
  await time.sleep(60_000);
  expect(signals.at(-1)).toMatchObject({ on: false });
  expect(signals.filter((signal) => signal.on)).toHaveLength(3);
});

it("is not taken from the next turn by the end of the one before", async () => {
  const { time, signals, typing } = setup();
  typing.show(turn("e1"));
  await time.sleep(1_000);
  typing.show(turn("e2"));
  await typing.clear(turn("e1"));
  await time.sleep(5_000);
  expect(signals.at(-1)).toMatchObject({ on: true });
  await typing.close();
  expect(signals.at(-1)).toMatchObject({ on: false });
});

it("gives up on a call that hangs", async () => {
  const time = createVirtualTime();
  const typing = createTyping({
    typing: { refreshMs: 4_000 },
    session: { typing: async () => await new Promise<never>(() => undefined) },
    log: silentTelemetry.log,
    sleep: time.sleep,
  });
  typing.show(turn("e1"));
  await expect(typing.close()).resolves.toBeUndefined();
});

it("always ends off, whatever turns start, end and fail", async () => {
  const step = fc.record({
    event: fc.constantFrom("e1", "e2", "e3"),
    action: fc.constantFrom("show", "clear", "wait"),
    ms: fc.integer({ min: 0, max: 9_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.array(fc.boolean()), async (steps, failures) => {
      // A platform that refuses to hear "off" for ever cannot be helped.
      const { time, signals, typing } = setup(30_000, (index) => index < 3 && (failures[index] ?? false));
      for (const { event, action, ms } of steps) {
        if (action === "show") typing.show(turn(event));
        else if (action === "clear") void typing.clear(turn(event));
        else await time.sleep(ms);
      }
      await time.sleep(120_000);
      // The watchdog alone has cleared it by now.
      expect(signals.at(-1)?.on ?? false).toBe(false);
      await typing.close();
      expect(signals.at(-1)?.on ?? false).toBe(false);
    }),
    { numRuns: 60 },
  );
});
