import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { z } from "zod";
import { Secret } from "../../core/config/index.ts";
import { adapterConformance } from "../../core/testing/index.ts";
import type { RawFixture } from "../../core/testing/subject.ts";
import { discordAdapter } from "./index.ts";
import { openDiscord } from "./testing/index.ts";

const ANN = "1200000000000000002";
const settings = { token: new Secret("a.token.of-a-test", "test") };
const about = {
  selfId: "1200000000000000001",
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
      fixture("added-to-server", { type: "membership", userId: about.selfId }, { isNew: true }),
      fixture("removed-from-server", { type: "membership", userId: about.selfId }),
      fixture("slash-command", { type: "command", text: "/recommend something safe" }),
      fixture("pressed-button", { type: "action" }),
      fixture("menu-choice", { type: "action" }),
      fixture("filled-form", { type: "message", text: "Is that true?" }),
    ],
    platform: async () => await openDiscord({ rateLimits: false }),
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});
