import assert from "node:assert/strict";
import { textOf } from "../event.ts";
import { connectedCases, mustBe } from "./case.ts";
import { type Connected, eventually } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** From connecting to closing. */
export function lifecycleCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "lifecycle");
  const always = [
    connected("is live once connected", async ({ session }) => {
      mustBe(session.health().state, "live", "`connect` resolves once the account receives, and `health` says so");
    }),
    connected("closes twice without harm", async ({ session }) => {
      await session.close();
      await session.close();
      assert.notEqual(session.health().state, "live", "a closed session must not say that it is live: say `closed`");
    }),
  ];
  if (subject.platform === undefined) return always;
  return [
    ...always,
    connected("tells by its health when something was last received", async ({ person, session }) => {
      await person.say("hello");
      assert.ok(
        session.health().lastReceivedAt !== undefined,
        "`health().lastReceivedAt` is missing: note the time of whatever arrives",
      );
    }),
    connected("reconnects by itself, and hears everything once", reconnected),
    connected("hands nothing in once it is closed", async ({ person, session, events, local }) => {
      await person.say("hello");
      await session.close();
      const before = events.length;
      await local?.ann.say("too late").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      mustBe(events.length, before, "`close` must stop receiving before it resolves");
    }),
    ...(subject.adapter.manifest.acknowledgement === "on-offset"
      ? [connected("goes on where it stopped when it connects again", resumed)]
      : []),
    connected("names a revoked token at the latest with the next call, with the remedy", async (one) => {
      const { session, local, greeted, reply } = one;
      const event = await greeted();
      await local?.platform.faults.revoke();
      await reply(event, sampleReplies.plain).catch(() => undefined);
      await eventually(
        () => session.health().state !== "live",
        "its health still says live: a refused token makes it `down` or `login-required`",
      );
      await eventually(
        () => session.health().remedy !== undefined,
        "its health names no `remedy`: say what an admin must do",
      );
    }),
  ];
}

async function reconnected({ person, events, local }: Connected): Promise<void> {
  await person.say("before");
  for (let round = 0; round < 2; round += 1) {
    await local?.platform.faults.cutConnections();
    await eventually(
      () => local?.platform.isConnected() === true,
      "it never reconnected: try again with growing pauses, for ever",
    );
  }
  await person.say("after");
  await eventually(() => events.some((event) => textOf(event) === "after"), "nothing arrived after the reconnect");
  const times = events.filter((event) => textOf(event) === "after").length;
  mustBe(times, 1, "it was heard more than once: an old connection still receives");
}

/** Long enough for a position to be stored behind what was handed in. */
const SETTLE_MS = 300;

async function resumed({ person, local, session, events, reconnect }: Connected): Promise<void> {
  await person.say("before");
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  await session.close();
  await local?.ann.say("meanwhile");
  await reconnect();
  const isHeard = (): boolean => events.some((event) => textOf(event) === "meanwhile");
  await eventually(isHeard, "what was said while it was away never arrived: ask from the stored position on");
  await person.say("after");
  mustBe(
    events.map(textOf),
    ["before", "meanwhile", "after"],
    "it did not go on where it stopped: keep the position in `context.values`, once what came before it is durable",
  );
}
