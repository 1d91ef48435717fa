import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adapterConformance, sampleReplies } from "parleyjs/testing";
import { adapter, irc } from "./index.ts";
import { readLine } from "./line.ts";
import { normalizeIrc } from "./normalize.ts";
import { renderIrc } from "./render.ts";
import { openIrcLocally } from "./testing/index.ts";

const said = (target: string, text: string): string =>
  `@msgid=abc;time=2026-01-05T09:00:00.000Z :ann!a@example.org PRIVMSG ${target} :${text}`;

const identity = { userIds: ["harbour"], name: "harbour" };

describe("IRC adapter", () => {
  const { settings } = irc({ host: "irc.example.org", nick: "harbour", channels: ["#harbour"] });
  const cases = adapterConformance({
    adapter,
    settings,
    identity,
    fixtures: [{ raw: said("harbour", "hello"), type: "message", text: "hello", userId: "ann" }],
    platform: async () => await openIrcLocally(),
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, one) => await one.run());
});

const plain = sampleReplies.plain;

describe("a line", () => {
  it("keeps spaces and colons of what is said", () => {
    expect(readLine(said("#harbour", "  a : b :) "))?.parameters).toEqual(["#harbour", "  a : b :) "]);
  });

  it("is a group message in a channel, and a mention where the bot's nick is said", () => {
    expect(normalizeIrc(said("#harbour", "harbour: hello"), { identity })).toMatchObject({
      event: { chat: { id: "#harbour", type: "group" }, mentions: [{ isSelf: true }] },
    });
  });

  it("is never longer than the server takes, whatever is said", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 3_000 }), (text) => {
        const { parts } = renderIrc({ ...plain, text });
        for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(400);
      }),
    );
  });
});
