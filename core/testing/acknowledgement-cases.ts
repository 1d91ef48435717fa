import { textOf } from "../event.ts";
import { connectedCases, mustBe } from "./case.ts";
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
      const advice = "nothing arrived after the outage: when `accept` rejects, keep the connection and go on";
      await eventually(() => events.some((event) => textOf(event) === "after it"), advice);
    }),
  ];
  if (subject.platform === undefined) return always;
  return [
    ...always,
    connected("hands in again what could not be made durable, once it can be", async ({ person, events, fail }) => {
      fail(true);
      await person.say("keep this for me").catch(() => undefined);
      fail(false);
      const advice = "the message was lost: acknowledge only what `accept` resolved for, or offer it again yourself";
      await eventually(() => events.some((event) => textOf(event) === "keep this for me"), advice);
    }),
    connected("gives a redelivered event the same key", async ({ person, events, local }) => {
      await person.say("only once, please");
      const [first] = events;
      await local?.platform.faults.redeliver?.();
      await person.say("and this");
      const keys = events.filter((event) => textOf(event) === "only once, please").map(({ key }) => key);
      mustBe([...new Set(keys)], [first?.key], "make `key` of the message's identity, not of its envelope's");
    }),
  ];
}
