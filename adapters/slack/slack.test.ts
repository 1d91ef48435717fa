import { describe, expect, it } from "vitest";
import { env } from "../../core/config/index.ts";
import { adapterConformance } from "../../core/testing/index.ts";
import { fixtures } from "./fixtures/index.ts";
import { slack, slackAdapter } from "./index.ts";
import { openSlackLocally } from "./testing/index.ts";

describe("slack adapter", () => {
  const cases = adapterConformance({
    adapter: slackAdapter,
    ...fixtures,
    // The cases say everything at once; the delivery's limiter would not.
    platform: async () => await openSlackLocally({ burst: 100 }),
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});

describe("settings", () => {
  const accepts = (settings: object): boolean => slackAdapter.configSchema.safeParse(settings).success;
  const { botToken, appToken } = fixtures.settings;

  it("are written as the README shows", () => {
    const account = slack({ botToken: env("SLACK_BOT_TOKEN"), appToken: env("SLACK_APP_TOKEN") });
    expect(account).toMatchObject({ name: "main", adapter: slackAdapter });
    expect(account.settings).toEqual({ botToken: env("SLACK_BOT_TOKEN"), appToken: env("SLACK_APP_TOKEN") });
  });

  it("need a way in and a way out: a socket or signed requests, one workspace or installations", () => {
    expect(accepts({ botToken })).toBe(false);
    expect(accepts({ appToken })).toBe(false);
    expect(accepts({ botToken, signingSecret: appToken })).toBe(true);
    const oauth = { clientId: "1", clientSecret: botToken, redirectUrl: "https://bots.example/slack/oauth/callback" };
    expect(accepts({ oauth, appToken })).toBe(true);
    expect(accepts({ oauth, appToken, botToken })).toBe(false);
  });
});
