import assert from "node:assert/strict";
import { describeError } from "../errors.ts";
import { Secret } from "../config/secret.ts";
import type { Reply } from "../reply.ts";
import { connectedCases, pureCase } from "./case.ts";
import type { Connected } from "./connect-subject.ts";
import { draftOf } from "./inbound-cases.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Tokens stay where they are, and texts cannot do what only the bot's owner may. */
export function securityCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "security");
  return [
    pureCase("security", "fetches files from named hosts only", () => checkHosts(subject)),
    connected(
      "keeps its secrets out of logs, health and errors",
      async ({ greeted, session, reply, local, logged }) => {
        const secrets = secretsIn(local?.platform.account.settings);
        const event = await greeted();
        local?.platform.faults.next("send", { kind: "server-error", status: 500 });
        const failure = await reply(event, sampleReplies.plain).then(
          () => "",
          (thrown: unknown) => describeError(thrown) + String(thrown instanceof Error ? thrown.stack : thrown),
        );
        await local?.platform.faults.cutConnections();
        await local?.platform.faults.revoke();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const told = [logged(), failure, JSON.stringify(session.health())].join("\n");
        for (const secret of secrets) assert.ok(!told.includes(secret), "a secret of the settings was told");
      },
    ),
    ...(subject.platform === undefined
      ? []
      : [connected("keeps its secrets out of the errors of what can never be sent", permanentErrors)]),
    connected("keeps what people write out of the log", async ({ person, logged }) => {
      await person.say("my diary: sesame-street-42");
      assert.ok(!logged().includes("sesame-street-42"), "a message's text was logged");
    }),
    connected("shows what looks like markup in data as it is", async ({ person, greeted, reply, local }) => {
      const event = await greeted();
      const hostile: Reply = {
        ...sampleReplies.plain,
        text: "See below.",
        sources: [
          { title: "<b>*Fees*</b> [x](https://evil.example)", location: "p. 1", quote: "@everyone <!channel>" },
        ],
      };
      await reply(event, hostile);
      assert.ok(person.seen().join("\n").includes("See below."), "the reply was not seen");
      const html = local?.ann.sees().map((message) => message.html) ?? [];
      assert.doesNotMatch(
        html.join("\n"),
        /href="https:\/\/evil\.example|<b>\*?Fees/u,
        "data became markup: escape it",
      );
    }),
  ];
}

function checkHosts(subject: ConformanceSubject): void {
  const { adapter, fixtures } = subject;
  const { attachmentHosts } = adapter.manifest;
  assert.ok(!attachmentHosts.includes("*"), '"*" would send the token to anybody');
  const brings = fixtures.some((fixture) => {
    const draft = draftOf(subject, fixture);
    return (
      "attachments" in draft &&
      (draft.attachments ?? []).some(
        ({ spoolKey, kind }) => spoolKey === undefined && kind !== "location" && kind !== "contact",
      )
    );
  });
  assert.ok(!brings || attachmentHosts.length > 0, "files are brought in, but no host is named in attachmentHosts");
}

async function permanentErrors({ greeted, session, outgoing, local }: Connected): Promise<void> {
  const secrets = secretsIn(local?.platform.account.settings);
  const one = outgoing(await greeted(), sampleReplies.plain);
  const told: string[] = [];
  const note = (thrown: unknown): void => {
    const stack = thrown instanceof Error ? `${thrown.stack} ${String(thrown.cause)}` : "";
    told.push(`${describeError(thrown)} ${stack}`);
  };
  // A chat that nobody has, and then a token that nobody knows.
  await session.send({ ...one, target: { ...one.target, chat: "4040404" } }).catch(note);
  await local?.platform.faults.revoke();
  await session.send({ ...one, key: `${one.key}.again` }).catch(note);
  for (const secret of secrets)
    assert.ok(
      !told.join("\n").includes(secret),
      "a secret of the settings is in an error: leave addresses and headers out",
    );
}

function secretsIn(settings: unknown): readonly string[] {
  if (settings instanceof Secret) return [settings.reveal()];
  if (typeof settings !== "object" || settings === null) return [];
  return Object.values(settings).flatMap(secretsIn);
}
