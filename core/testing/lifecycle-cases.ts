import assert from "node:assert/strict";
import { textOf } from "../event.ts";
import { connectedCases } from "./case.ts";
import { eventually } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** From connecting to closing. */
export function lifecycleCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "lifecycle");
  const always = [
    connected("is live once connected", async ({ session }) => {
      assert.equal(session.health().state, "live");
      await Promise.resolve();
    }),
    connected("closes twice without harm", async ({ session }) => {
      await session.close();
      await session.close();
      assert.notEqual(session.health().state, "live");
    }),
  ];
  if (subject.platform === undefined) return always;
  return [
    ...always,
    connected("tells by its health when something was last received", async ({ person, session }) => {
      await person.say("hello");
      assert.ok(session.health().lastReceivedAt !== undefined, "health().lastReceivedAt is missing");
    }),
    connected("reconnects by itself, and hears everything once", async ({ person, events, local }) => {
      await person.say("before");
      for (let round = 0; round < 2; round += 1) {
        await local?.platform.faults.cutConnections();
        await eventually(() => local?.platform.isConnected() === true, "it never reconnected");
      }
      await person.say("after");
      await eventually(() => events.some((event) => textOf(event) === "after"), "nothing arrived after the reconnect");
      assert.equal(events.filter((event) => textOf(event) === "after").length, 1);
    }),
    connected("hands nothing in once it is closed", async ({ person, session, events, local }) => {
      await person.say("hello");
      await session.close();
      const before = events.length;
      await local?.ann.say("too late").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(events.length, before);
    }),
    connected("names a revoked token at the latest with the next call, with the remedy", async (one) => {
      const { session, local, person, events, reply } = one;
      await person.say("hello");
      const event = events[0] ?? assert.fail("nothing was handed in");
      await local?.platform.faults.revoke();
      await reply(event, sampleReplies["plain"] ?? assert.fail()).catch(() => undefined);
      await eventually(() => session.health().state !== "live", "its health still says live");
      await eventually(() => session.health().remedy !== undefined, "its health names no remedy");
    }),
  ];
}
