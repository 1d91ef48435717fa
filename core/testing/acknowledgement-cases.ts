import assert from "node:assert/strict";
import { textOf } from "../event.ts";
import { connectedCases } from "./case.ts";
import { eventually } from "./connect-subject.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Nothing that the platform was told to have arrived is lost. */
export function acknowledgementCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "acknowledgement");
  const always = [
    connected("survives a refused event: nothing is lost of the connection", async ({ person, events, fail }) => {
      fail(true);
      await person.say("during an outage").catch(() => undefined);
      fail(false);
      await person.say("after it");
      await eventually(() => events.some((event) => textOf(event) === "after it"), "nothing arrived after the outage");
    }),
  ];
  if (subject.platform === undefined) return always;
  return [
    ...always,
    connected("hands in again what could not be made durable, once it can be", async ({ person, events, fail }) => {
      fail(true);
      await person.say("keep this for me").catch(() => undefined);
      fail(false);
      await eventually(() => events.some((event) => textOf(event) === "keep this for me"), "the message was lost");
    }),
    connected("gives a redelivered event the same key", async ({ person, events, local }) => {
      await person.say("only once, please");
      const [first] = events;
      await local?.platform.faults.redeliver();
      await person.say("and this");
      const keys = events.filter((event) => textOf(event) === "only once, please").map(({ key }) => key);
      assert.deepEqual([...new Set(keys)], [first?.key]);
    }),
  ];
}
