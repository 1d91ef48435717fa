import assert from "node:assert/strict";
import { textOf } from "../event.ts";
import { connectedCases, mustBe } from "./case.ts";
import { type Connected, eventually } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Where something was said: alone with the bot, in a room, in a thread of it. */
export function placeCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "inbound");
  const tellsMembership = subject.fixtures.some(({ type }) => type === "membership");
  return [
    connected("tells a room from a direct chat", roomOrDirect),
    ...(tellsMembership ? [connected("tells that it was added to a room", added)] : []),
    ...(subject.adapter.manifest.capabilities.threads
      ? [connected("hears where in a room it was asked, and answers there", inThread)]
      : []),
  ];
}

async function roomOrDirect({ person, local, events }: Connected): Promise<void> {
  await person.say("between us");
  const room = await local?.platform.group?.("Conformance", [local.ann]);
  if (room === undefined) return;
  await local?.ann.say("in front of all", { chat: room.id, mentionBot: true });
  const inRoom = await heard(events, "in front of all");
  mustBe(
    [events.find((event) => textOf(event) === "between us")?.chat.type, inRoom.chat.type],
    ["direct", "group"],
    "`chat.type` is wrong: private tools would open in a room, or stay shut for one person",
  );
}

async function added({ local, events }: Connected): Promise<void> {
  const add = local?.platform.addBot ?? local?.platform.group;
  if (local === undefined || add === undefined)
    assert.fail(
      "a fixture tells of a membership, so the local platform needs `group` (or `addBot`), which tells it too",
    );
  await add("Conformance", [local.ann]);
  const isTold = (): boolean => events.some((event) => event.type === "membership" && event.change === "added");
  await eventually(isTold, "nothing was handed in of the bot's being added to a room: `membership`, `added`");
}

async function inThread({ person, local, events, reply }: Connected): Promise<void> {
  if (local === undefined) return;
  const { ann, platform } = local;
  if (ann.openThread === undefined)
    assert.fail("the manifest declares threads, so the local platform's people need `openThread`");
  await person.say("hello");
  const room = (await platform.group?.("Conformance", [ann])) ?? { id: events[0]?.chat.id ?? assert.fail() };
  const first = await ann.say("a new subject", { chat: room.id, mentionBot: true });
  const thread = await ann.openThread(first, "A new subject");
  await ann.say("in the thread", { chat: room.id, thread, mentionBot: true });
  const event = await heard(events, "in the thread");
  mustBe(event.chat.thread, thread, "`chat.thread` is lost: the conversation would be the whole room's");
  const [id] = await reply(event, sampleReplies.plain);
  const isThere = (): boolean =>
    [room.id, thread].some((chat) => ann.sees(chat).some((one) => one.id === id && one.thread === thread));
  await eventually(isThere, "the answer is not seen in the thread: `send` must obey `target.thread`");
}

async function heard(events: Connected["events"], text: string): Promise<Connected["events"][number]> {
  const find = () => events.findLast((event) => textOf(event).includes(text));
  await eventually(() => find() !== undefined, `"${text}" was never handed in`);
  return find() ?? assert.fail();
}
