import assert from "node:assert/strict";
import type { InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { connectedCases, mustBe } from "./case.ts";
import { type Connected, eventually } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** What people do to messages that stand: of each kind that a fixture shows. */
export function changeCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "inbound");
  const where = (type: InboundEvent["type"], name: string, work: (one: Connected) => Promise<void>) =>
    subject.fixtures.some((fixture) => fixture.type === type) ? [connected(name, work)] : [];
  return [
    ...where("edit", "brings an edit with the message's id and its new words", edited),
    ...where("delete", "brings a deletion with the message's id", deleted),
    ...where("reaction", "brings a reaction with its message's id and its emoji", reacted),
  ];
}

async function edited({ person, local, events }: Connected): Promise<void> {
  const { edit } = local?.ann ?? {};
  if (edit === undefined) assert.fail(wanted("edit"));
  await person.say("one card");
  const message = idOf(events[0]);
  await edit(message, "two cards");
  const event = await next(events, "edit");
  mustBe([idOf(event), textOf(event)], [message, "two cards"], "an edit has the id of the message and its new words");
}

async function deleted({ person, local, events }: Connected): Promise<void> {
  const { remove } = local?.ann ?? {};
  if (remove === undefined) assert.fail(wanted("remove"));
  await person.say("one card");
  const message = idOf(events[0]);
  await remove(message);
  mustBe(idOf(await next(events, "delete")), message, "a deletion has the id of the message");
}

async function reacted({ greeted, local, events, reply }: Connected): Promise<void> {
  const { react } = local?.ann ?? {};
  if (react === undefined) assert.fail(wanted("react"));
  const [id] = await reply(await greeted(), sampleReplies.plain);
  await react(id ?? assert.fail("the reply has no id"), "👍");
  const event = await next(events, "reaction");
  assert.ok(event.type === "reaction" && event.added, "the reaction is not told as added");
  mustBe(event.messageId, id, "a reaction has the id of the message that it is set on");
}

function wanted(method: string): string {
  return `a fixture shows this kind of event, so the local platform's people need \`${method}\``;
}

function idOf(event: InboundEvent | undefined): string {
  return event !== undefined && "messageId" in event && event.messageId !== undefined
    ? event.messageId
    : assert.fail("there is no `messageId`");
}

async function next(events: readonly InboundEvent[], type: InboundEvent["type"]): Promise<InboundEvent> {
  const find = () => events.find((event) => event.type === type);
  await eventually(() => find() !== undefined, `no ${type} was handed in`);
  return find() ?? assert.fail();
}
