import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openDiscordLocally } from "../../adapters/discord/testing/index.ts";
import { openSlackLocally } from "../../adapters/slack/testing/index.ts";
import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { web } from "../../adapters/web/index.ts";
import { openWhatsappLocally } from "../../adapters/whatsapp/testing/index.ts";
import type { CrewFactory } from "../../core/bot.ts";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { OpenLocalPlatform } from "../../core/testing/index.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { systemEnvironment } from "./system-environment.ts";

const NOTICES = {
  en: /I could not process your message/u,
  de: /Ich konnte deine Nachricht/u,
} as const;
const PATIENCE_MS = 40_000;
const Answer = z.looseObject({
  status: z.string(),
  sessionId: z.string(),
  replies: z.array(z.looseObject({ text: z.string() })).default([]),
  link: z.string().optional(),
});

/** Stumbles over what it is asked until it is repaired. */
function brokenCrew(state: { repaired: boolean }): CrewFactory {
  return {
    name: "broken",
    summary: {},
    open: async () => ({
      run: async ({ text }) => {
        if (!state.repaired) throw new Error("nothing works");
        return {
          reply: { text: `You said ${text}`, confidence: 1, model: "test" },
          remember: [],
          cacheable: false,
        };
      },
      close: async () => {},
    }),
  };
}

describe("web-and-operations B: a buried message leaves a notice", () => {
  let directory = "";
  const running: Runtime[] = [];
  const state = { repaired: false };

  beforeEach(async () => {
    state.repaired = false;
    directory = await mkdtemp(join(tmpdir(), "parley-dead-"));
  });
  afterEach(async () => {
    for (const runtime of running.splice(0)) await runtime.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(locale: keyof typeof NOTICES, accounts: readonly unknown[]): Promise<Runtime> {
    const exported = {
      bots: {
        broken: {
          name: "Broken",
          locale,
          accounts,
          crew: brokenCrew(state),
          tools: [],
          compliance: { informationNotice: { default: "I am an automated assistant." } },
        },
      },
      dataDirectory: directory,
      gateway: { port: 0 },
      log: { level: "silent" },
    };
    const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
    const loaded = { config, file: "bots.config.ts", directory };
    const runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
    running.push(runtime);
    return runtime;
  }

  async function restart(locale: keyof typeof NOTICES, accounts: readonly unknown[]): Promise<Runtime> {
    await running.pop()?.close();
    return await start(locale, accounts);
  }

  const ask = async ({ url }: Runtime, path: string, body?: object): Promise<z.infer<typeof Answer>> => {
    const response = await fetch(new URL(path, url), {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBeLessThan(300);
    return Answer.parse(await response.json());
  };
  const wordsOf = ({ replies }: z.infer<typeof Answer>): string => replies.map(({ text }) => text).join("\n");

  it.each(["en", "de"] as const)(
    "on the web, to whoever asks again by history, GET, link or resend, also after a restart (%s)",
    async (locale) => {
      const notice = NOTICES[locale];
      const first = await start(locale, [web()]);
      const said = { text: "this cannot be digested", messageId: "m-1" };
      const answer = await ask(first, "/api/v1/chat?wait=40", said);
      expect(wordsOf(answer)).toMatch(notice);
      const { sessionId } = answer;
      for (const again of [async () => first, async () => await restart(locale, [web()])]) {
        const runtime = await again();
        expect(wordsOf(await ask(runtime, `/api/v1/chat/messages/m-1?sessionId=${sessionId}&wait=5`))).toMatch(notice);
        expect(wordsOf(await ask(runtime, "/api/v1/chat?wait=5", { ...said, sessionId }))).toMatch(notice);
        const history = await fetch(new URL(`/api/v1/chat/history?sessionId=${sessionId}`, runtime.url));
        const shown = await history.text();
        expect(shown).toMatch(notice);
        expect(shown).toContain("this cannot be digested");
      }
    },
  );

  it("and the link that was given before it was buried leads to it", async () => {
    const runtime = await start("en", [web()]);
    const waiting = await ask(runtime, "/api/v1/chat?wait=0", { text: "not yet", messageId: "m-2" });
    expect(waiting.link).toBeDefined();
    const link = waiting.link ?? "";
    await expect.poll(async () => wordsOf(await ask(runtime, link)), { timeout: PATIENCE_MS }).toMatch(NOTICES.en);
    const next = await restart("en", [web()]);
    expect(wordsOf(await ask(next, link))).toMatch(NOTICES.en);
  });

  it("does not stand in the way of the answer when the message is put back", async () => {
    const runtime = await start("en", [web()]);
    const said = { text: "try me later", messageId: "m-3" };
    const { sessionId } = await ask(runtime, "/api/v1/chat?wait=40", said);
    await running.pop()?.close();
    state.repaired = true;
    const broker = createEmbeddedBroker({
      path: join(directory, "broker.sqlite"),
      environment: systemEnvironment(),
      telemetry: silentTelemetry,
    });
    const [letter] = await broker.deadLetters.list();
    expect(await broker.deadLetters.resubmit(letter?.id ?? "")).toBe(true);
    await broker.close();
    const next = await start("en", [web()]);
    await expect
      .poll(async () => wordsOf(await ask(next, "/api/v1/chat?wait=5", { ...said, sessionId })), {
        timeout: PATIENCE_MS,
      })
      .toContain("You said try me later");
  });

  const platforms: readonly (readonly [string, OpenLocalPlatform])[] = [
    ["Telegram", openTelegramLocally],
    ["Slack", openSlackLocally],
    ["Discord", openDiscordLocally],
    ["WhatsApp", openWhatsappLocally],
  ];
  it.each(platforms)("in the chat on %s", async (_name, open) => {
    const platform = await open();
    try {
      await start("de", [platform.account]);
      await expect.poll(() => platform.isConnected(), { timeout: PATIENCE_MS }).toBe(true);
      const anna = platform.person("1001", "Anna");
      await anna.say("this cannot be digested");
      const seen = (): string =>
        anna
          .sees()
          .filter(({ author }) => author.isBot)
          .map(({ plain }) => plain)
          .join("\n");
      await expect.poll(seen, { timeout: PATIENCE_MS }).toMatch(NOTICES.de);
    } finally {
      for (const runtime of running.splice(0)) await runtime.close();
      await platform.close();
    }
  });
});
