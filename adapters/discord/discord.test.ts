import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Secret } from "../../core/config/index.ts";
import { adapterConformance } from "../../core/testing/index.ts";
import type { RawFixture } from "../../core/testing/subject.ts";
import { discordAdapter } from "./index.ts";
import { openDiscord } from "./testing/index.ts";

const ANN = "1200000000000000002";
const settings = { token: new Secret("a.token.of-a-test", "test") };
const SELF = "1200000000000000001";
const identity = { userIds: [SELF] };
const about = {
  botRoleId: "1300000000000000007",
  receivedAt: "2026-11-21T10:00:02.000Z",
};
const Recorded = z.object({ t: z.string(), d: z.unknown() });

/** A dispatch as the gateway sent it, with what the connection knew then. */
function dispatch(name: string, known: object = {}): unknown {
  const text = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8");
  return { ...Recorded.parse(JSON.parse(text)), about: { ...about, ...known } };
}

const fixture = (
  name: string,
  facts: Omit<RawFixture, "raw" | "userId"> & { userId?: string },
  known?: object,
): RawFixture => ({
  raw: dispatch(name, known),
  userId: ANN,
  ...facts,
});

const thread = { channel: { type: 11, parentId: "1300000000000000002", name: "cards" } };

describe("the conformance suite", () => {
  const cases = adapterConformance({
    adapter: discordAdapter,
    settings,
    identity,
    fixtures: [
      fixture("message", { type: "message", text: "What does a new card cost?" }),
      fixture("direct-message", { type: "message", text: "hello" }),
      fixture("mention", { type: "message", text: "ask @Ben about :card:" }),
      fixture("reply", { type: "message", text: "yes, please" }),
      fixture("thread-message", { type: "message", text: "and in here?" }, thread),
      fixture("files", { type: "message", text: "" }),
      fixture("edit", { type: "edit", text: "What does a lost card cost?" }),
      fixture("delete", { type: "delete" }, { authorId: ANN }),
      fixture("reaction", { type: "reaction" }),
      fixture("reaction-removed", { type: "reaction" }),
      fixture("added-to-server", { type: "membership", userId: SELF }, { isNew: true }),
      fixture("removed-from-server", { type: "membership", userId: SELF }),
      fixture("slash-command", { type: "command", text: "/recommend something safe" }),
      fixture("pressed-button", { type: "action" }),
      fixture("menu-choice", { type: "action" }),
      fixture("filled-form", { type: "message", text: "Is that true?" }),
    ],
    platform: async () => await openDiscord({ rateLimits: false }),
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});

describe("what the gateway sends", () => {
  const read = (name: string, known: object = {}) =>
    discordAdapter.bind(settings).normalize(dispatch(name, known), "main", identity);

  it.each([
    ["own-message", { user: { isBot: true }, echo: true }],
    ["other-bot", { user: { isBot: true } }],
    ["webhook-message", { user: { isBot: true } }],
    ["message", { user: { isBot: false, name: "Annie" } }],
  ])("flags who wrote a %s", (name, event) => {
    const normalized = read(name);
    expect(normalized).toMatchObject({ event });
    expect("event" in normalized && normalized.event.echo === true).toBe(name === "own-message");
  });

  it.each([
    ["pinned", "a notice of Discord itself (type 6)"],
    ["withheld", "an empty message"],
    ["link-preview", "Discord itself changed the message (a link preview, a pin)"],
    ["reaction-elsewhere", "a reaction to somebody else's message"],
    ["server-outage", "a server is out of order"],
    ["added-to-server", "a server that the bot is in already"],
    ["typing", "TYPING_START is not used"],
  ])("ignores a %s by name", (name, reason) => {
    expect(read(name)).toMatchObject({ ignored: reason });
  });

  it("knows files of every kind, with the way back to their message", () => {
    expect(read("files")).toMatchObject({
      event: {
        attachments: [
          { kind: "document", name: "bill.pdf", reference: { messageId: "1400000000000000007" } },
          { kind: "image", sizeBytes: 1024 },
        ],
      },
    });
    expect(read("voice-message")).toMatchObject({ event: { attachments: [{ kind: "audio" }] } });
    expect(read("sticker")).toMatchObject({ event: { attachments: [{ kind: "image", name: "Wave" }] } });
  });

  it("takes its role, and a thread that it opened, for being spoken to", () => {
    const toBot = { event: { mentions: [{ userId: SELF, isSelf: true }] } };
    expect(read("role-mention")).toMatchObject({ ...toBot, event: { ...toBot.event, text: "are you there?" } });
    expect(read("thread-message", thread)).toMatchObject({ event: { mentions: [] } });
    const own = { channel: { ...thread.channel, ownerId: SELF } };
    expect(read("thread-message", own)).toMatchObject(toBot);
  });

  it("keeps the answer to a stranger's press for the stranger", () => {
    expect(read("pressed-button")).toMatchObject({
      event: { choiceId: "confirm:p1", reference: { isPrivate: false } },
    });
    expect(read("stranger-press")).toMatchObject({ event: { choiceId: "confirm:p1", reference: { isPrivate: true } } });
    expect(read("menu-choice")).toMatchObject({ event: { choiceId: "account.6", chat: { type: "direct" } } });
  });
});
