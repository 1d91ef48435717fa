import assert from "node:assert/strict";
import type { Capabilities } from "../adapter.ts";
import { connectedCases, mustBe, pureCase } from "./case.ts";
import type { Connected } from "./connect-subject.ts";
import { eventually } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** A capability is declared only where it works, and works where it is declared. */
export function capabilityCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { capabilities } = subject.adapter.manifest;
  const connected = connectedCases(subject, "capabilities");
  return [
    pureCase("capabilities", "declares limits that a reply can be rendered within", () => {
      const { text, rate, choices } = capabilities;
      assert.ok(text.maxLength >= 100, "text.maxLength must be at least 100");
      assert.ok(rate.perChatPerSecond > 0 && rate.perAccountPerSecond > 0, "rates must be positive");
      assert.ok(choices.max === 0 || choices.labelMaxLength > 0, "buttons need room for a label");
    }),
    pureCase("capabilities", "streams by edits only where messages can be edited", () => {
      const byEdits = capabilities.streaming !== false && capabilities.streaming.style === "edits";
      assert.ok(!byEdits || capabilities.edit, 'streaming style "edits" needs the capability "edit"');
    }),
    connected("offers exactly the methods that its manifest declares", async ({ session }) => {
      const { edit, remove, react, reconcile, typing } = capabilities;
      const declared = { edit, remove, react, reconcile, typing: typing !== false };
      for (const [name, expected] of Object.entries(declared)) {
        const isThere = Object.hasOwn(session, name) && Reflect.get(session, name) !== undefined;
        mustBe(isThere, expected, `the session's \`${name}\` and the manifest's differ`);
      }
    }),
    ...(subject.platform === undefined ? [] : shownCases(subject, capabilities)),
  ];
}

function shownCases(subject: ConformanceSubject, capabilities: Capabilities): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "capabilities");
  const shown = (
    declared: boolean,
    name: string,
    work: (connected: Shown) => Promise<void>,
  ): readonly ConformanceCase[] =>
    declared ? [connected(name, async (one) => await work(await afterReply(one)))] : [];
  return [
    ...shown(capabilities.edit, "edits a message where it says so", async ({ session, other, id, seen }) => {
      await session.edit?.(other, id);
      await eventually(
        () => seen(id)?.plain.includes("Done") === true,
        "the message still shows the old words: `edit` must change the message with this id",
      );
    }),
    ...shown(capabilities.remove, "removes a message where it says so", async ({ session, target, id, seen }) => {
      await session.remove?.(target, id);
      await eventually(
        () => seen(id) === undefined,
        "the message is still there: `remove` must delete the message with this id",
      );
    }),
    ...shown(capabilities.react, "reacts to a message where it says so", async ({ session, target, asked, ann }) => {
      await session.react?.(target, asked, "👍");
      await eventually(
        () => ann.sees().some(({ reactions }) => reactions.length > 0),
        "no reaction is shown: `react` must set it, or the manifest must not declare it",
      );
    }),
    ...shown(capabilities.typing !== false, "shows that it is typing", async ({ session, target, ann }) => {
      await session.typing?.(target, true);
      await eventually(() => ann.seesTyping?.() === true, "nobody sees it typing (`seesTyping` of the local person)");
    }),
    ...shown(capabilities.typing !== false, "shows no longer that it is typing", typingEnds),
    ...shown(capabilities.idempotentSend, "drops a second send under the same key", async (one) => {
      const before = one.count();
      await one.session.send(one.same).catch(() => undefined);
      mustBe(
        one.count(),
        before,
        "it was shown twice: give the platform `outgoing.key`, or do not declare `idempotentSend`",
      );
    }),
    ...shown(capabilities.reconcile, "finds a message that was sent, by its key", async ({ session, same, id }) => {
      mustBe(await session.reconcile?.(same), { sent: id }, "`reconcile` must find what was sent under this key");
    }),
    ...shown(capabilities.files !== false, "shows a file with its bytes", async ({ replyFile, ann }) => {
      await replyFile();
      await eventually(
        () => ann.sees().some(({ files }) => files.some(({ name, sizeBytes }) => name === "fees.txt" && sizeBytes > 0)),
        "no file is shown: send it with the bytes of `openFile`, under its name",
      );
    }),
  ];
}

async function typingEnds({ session, target, ann, answer }: Shown): Promise<void> {
  await session.typing?.(target, true);
  await eventually(() => ann.seesTyping?.() === true, "nobody sees it typing (`seesTyping` of the local person)");
  // The delivery ends it, and sends; some platforms end it at one, some at the other.
  await session.typing?.(target, false);
  await answer();
  const advice = "it is shown as typing for ever: let `typing(target, false)` end it";
  await eventually(() => ann.seesTyping?.() === false, advice);
}

type Shown = Awaited<ReturnType<typeof afterReply>>;

/** A person asked, the adapter answered: what the cases look at. */
async function afterReply({ person, greeted, events, reply, outgoing, session, local }: Connected) {
  if (local === undefined) assert.fail("there is no local platform");
  const { ann } = local;
  const event = await greeted();
  const { plain, emoji } = sampleReplies;
  const same = outgoing(event, plain);
  const { messageId: id } = await session.send(same);
  return {
    session,
    ann,
    id,
    same,
    other: outgoing(event, emoji),
    target: same.target,
    asked: "messageId" in event && event.messageId !== undefined ? event.messageId : assert.fail("no message id"),
    seen: (messageId: string) => ann.sees().find((message) => message.id === messageId),
    count: () => ann.sees().length,
    answer: async () => void (await reply(event, plain)),
    replyFile: async () => {
      // Another question: a second answer to the first one would have its key, and be dropped as a repetition.
      await person.say("and the fees?");
      const next = events.at(-1) ?? assert.fail("nothing was handed in");
      const files = [{ name: "fees.txt", mediaType: "text/plain", spoolKey: "a".repeat(64) }];
      return await reply(next, { ...plain, files });
    },
  };
}
