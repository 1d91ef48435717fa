import { describe, it } from "vitest";
import type { ConformanceSubject } from "../../core/testing/index.ts";
import { adapterConformance } from "../../core/testing/index.ts";
import { fixture, identity, settings } from "../../test/support/telegram-fixture.ts";
import { telegramAdapter } from "./index.ts";
import { openTelegramLocally } from "./testing/index.ts";

const fixtures: ConformanceSubject["fixtures"] = [
  { raw: fixture("message"), type: "message", text: "What does a new card cost?", userId: "4201" },
  { raw: fixture("edited-message"), type: "edit", text: "What does a second card cost?", userId: "4201" },
  { raw: fixture("command"), type: "command", text: "/balance today", userId: "4201" },
  { raw: fixture("topic-message"), type: "command", text: "/help", userId: "4202" },
  { raw: fixture("group-mention"), type: "message", text: "what about @ann_w and Carl?", userId: "4202" },
  { raw: fixture("document"), type: "message", text: "", userId: "4201" },
  { raw: fixture("pressed-button"), type: "action", userId: "4202" },
  { raw: fixture("reaction"), type: "reaction", userId: "4201" },
  { raw: fixture("added-to-group"), type: "membership", userId: "4201" },
];

/** The kit, with updates by long polling and by webhook. */
const byPolling: ConformanceSubject = {
  adapter: telegramAdapter,
  settings,
  identity,
  fixtures,
  platform: async () => await openTelegramLocally(),
};
const byWebhook: ConformanceSubject = { ...byPolling, platform: openTelegramLocally };

describe.each([
  ["polling", byPolling],
  ["webhook", byWebhook],
] as const)("conformance by %s", (_transport, subject) => {
  const cases = adapterConformance(subject);
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});
