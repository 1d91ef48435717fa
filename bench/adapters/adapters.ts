/**
 * `npm run bench -- adapters`: what an adapter costs. CPU per message of normalising and rendering (µs, process CPU,
 * medians of interleaved rounds), and the time from a person's message to the visible answer at 50 messages a second
 * through the real client library and the local platform, with nothing behind `accept` but an immediate answer.
 */
import { readFileSync } from "node:fs";
import { discordAdapter } from "../../adapters/discord/index.ts";
import { openDiscord } from "../../adapters/discord/testing/index.ts";
import { fixtures as slackFixtures } from "../../adapters/slack/fixtures/index.ts";
import { slackAdapter } from "../../adapters/slack/index.ts";
import { openSlackLocally } from "../../adapters/slack/testing/index.ts";
import { telegramAdapter } from "../../adapters/telegram/index.ts";
import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { whatsappCloudAdapter } from "../../adapters/whatsapp/index.ts";
import { openWhatsappCloudLocally } from "../../adapters/whatsapp/testing/index.ts";
import type { AnyAdapter } from "../../core/adapter-binding.ts";
import { Secret } from "../../core/config/index.ts";
import { type OpenLocalPlatform, sampleReplies } from "../../core/testing/index.ts";
import { fixture as telegramFixture, settings as telegramSettings } from "../../test/support/telegram-fixture.ts";
import { fixturesOf } from "../../test/support/whatsapp-fixtures.ts";
import { median } from "../median.ts";
import { roundTrips } from "./round-trips.ts";

interface Measured {
  readonly name: string;
  readonly adapter: AnyAdapter;
  readonly settings: () => Promise<unknown>;
  readonly raw: unknown;
  readonly open: OpenLocalPlatform;
  /** Messages a second; less than 50 where the platform itself takes fewer. @default 50 */
  readonly perSecond?: number;
}

const discordMessage: object = JSON.parse(
  readFileSync(new URL("../../adapters/discord/fixtures/message.json", import.meta.url), "utf8"),
);

const measured: readonly Measured[] = [
  {
    name: "discord",
    adapter: discordAdapter,
    settings: async () => ({ token: new Secret("a.token.of-a-bench", "bench") }),
    raw: { ...discordMessage, about: { receivedAt: "2026-11-21T10:00:02.000Z" } },
    open: async () => await openDiscord({ rateLimits: false }),
  },
  {
    name: "telegram",
    adapter: telegramAdapter,
    settings: async () => telegramSettings,
    raw: telegramFixture("message"),
    open: async () => await openTelegramLocally(),
    perSecond: 25,
  },
  {
    name: "slack",
    adapter: slackAdapter,
    settings: async () => slackFixtures.settings,
    raw: slackFixtures.fixtures[0]?.raw,
    open: async () => await openSlackLocally({ burst: 1_000 }),
  },
  {
    name: "whatsapp (cloud)",
    adapter: whatsappCloudAdapter,
    settings: async () => await settingsOf(openWhatsappCloudLocally),
    raw: fixturesOf("cloud")[0]?.raw,
    open: openWhatsappCloudLocally,
  },
];

const ROUNDS = 5;
const NORMALISE_REPEATS = 400;
/** A long reply takes milliseconds. */
const RENDER_REPEATS = 20;

/** Prints the figures. */
export async function run(): Promise<void> {
  const costs = await measureCosts();
  console.log("platform           normalise    render (plain, markdown, table, long)      at 50 messages/s: p50, p99");
  for (const one of measured) {
    const { normalise, render } = costs.get(one.name) ?? { normalise: Number.NaN, render: [] };
    const times = await roundTrips(one.open, { perSecond: one.perSecond ?? 50, seconds: 6 });
    const shown = render.map((cost) => cost.toFixed(0)).join(", ");
    console.log(
      `${one.name.padEnd(18)} ${normalise.toFixed(1).padStart(6)} µs   ${shown.padEnd(28)} µs         ` +
        `${times.p50.toFixed(1)} ms, ${times.p99.toFixed(1)} ms (${times.answered} of ${times.asked} answered)`,
    );
  }
}

async function measureCosts() {
  const bound = await Promise.all(
    measured.map(async ({ adapter, settings, name, raw }) => ({ name, raw, adapter: adapter.bind(await settings()) })),
  );
  const samples = new Map<string, { normalise: number[]; render: number[][] }>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, raw, adapter } of bound) {
      const kept = samples.get(name) ?? { normalise: [], render: [] };
      samples.set(name, kept);
      kept.normalise.push(cpuOf(NORMALISE_REPEATS, () => adapter.normalize(raw, "main")));
      const { capabilities } = adapter.manifest;
      const { plain, markdown, table, long } = sampleReplies;
      kept.render.push(
        [plain, markdown, table, long].map((reply) =>
          cpuOf(RENDER_REPEATS, () => adapter.render(reply, { capabilities, plain: false })),
        ),
      );
    }
  }
  return new Map(
    [...samples].map(([name, { normalise, render }]) => [
      name,
      {
        normalise: median(normalise),
        render: (render[0] ?? []).map((_cost, index) => median(render.map((round) => round[index] ?? 0))),
      },
    ]),
  );
}

/** Microseconds of process CPU for one call. */
function cpuOf(repeats: number, work: () => unknown): number {
  const before = process.cpuUsage();
  for (let index = 0; index < repeats; index += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / repeats;
}

async function settingsOf(open: OpenLocalPlatform): Promise<unknown> {
  const platform = await open();
  await platform.close();
  return platform.account.settings;
}
