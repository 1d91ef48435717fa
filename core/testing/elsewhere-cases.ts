import assert from "node:assert/strict";
import { connectedCases } from "./case.ts";
import { type Connected, eventually } from "./connect-subject.ts";
import type { CallFault } from "./local-platform.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** What cannot stand as it was meant still reaches the person: the words of a refused file, the answer in a lost thread. */
export function elsewhereCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "outbound");
  const { files, threads } = subject.adapter.manifest.capabilities;
  const isTold = (kind: CallFault["kind"]): boolean => subject.failures?.includes(kind) ?? true;
  const hasFiles = files !== false && isTold("file-refused");
  const hasThreads = threads && isTold("place-gone");
  return [
    ...(hasFiles ? [connected("leaves the words standing where the platform refuses a file", refusedFile)] : []),
    ...(hasThreads ? [connected("says in the chat what cannot be said in a thread that is gone", goneThread)] : []),
  ];
}

async function refusedFile({ person, greeted, local, deliver, logged }: Connected): Promise<void> {
  const event = await greeted();
  local?.platform.faults.next("send", { kind: "file-refused" });
  const files = [{ name: "fees.txt", mediaType: "text/plain", spoolKey: "a".repeat(64) }];
  const record = await deliver(event, { ...sampleReplies.plain, files });
  assert.equal(record.outcome, "delivered", `${record.detail ?? ""} ${logged()}`);
  assert.ok(
    record.degraded.some(({ feature }) => feature === "files"),
    "the record does not say that a file is missing",
  );
  const seen = (): string => person.seen().join("\n");
  await eventually(() => seen().includes("could not be attached"), "nobody is told that the file is missing");
  assert.equal(seen().split("Your card is on its way.").length, 2, "the words are not seen once");
}

async function goneThread({ person, greeted, local, deliver, logged }: Connected): Promise<void> {
  const event = await greeted();
  const thread = "messageId" in event ? event.messageId : undefined;
  local?.platform.faults.next("send", { kind: "place-gone" });
  const record = await deliver(event, sampleReplies.plain, thread);
  assert.equal(record.outcome, "delivered", `${record.detail ?? ""} ${logged()}`);
  assert.ok(
    record.degraded.some(({ feature }) => feature === "place"),
    "the record does not say that the reply went elsewhere",
  );
  const shown = (): number => person.seen().filter((text) => text.includes("Your card is on its way.")).length;
  await eventually(() => shown() === 1, "the reply is not seen once in the chat");
}
