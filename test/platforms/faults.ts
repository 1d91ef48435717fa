/**
 * What platforms do to bots, done to every platform: `test/platforms/<name>.faults.ts` is a call of this.
 *
 * Every experiment counts: messages that the platform still offers and that were never answered (must be 0), answers
 * shown twice (must be 0, but after a cut behind an executed send where the platform can neither drop nor report a
 * repeat: there it is counted and printed), and whether another adapter in the same process still answers.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { web } from "../../adapters/web/index.ts";
import type { CompletePerson, CompletePlatform, OpenLocalPlatform, SeenMessage } from "../../core/testing/index.ts";
import { LONG_LINES, type RunningBot, startBot } from "./bot.ts";
import { startProduct } from "./product-process.ts";
import { until, watch, wordsOf } from "./watching.ts";

/** The full form waits as long as real outages take. */
const DOUBT_MS = 4_000;
const OUTAGE_MS = process.env["PARLEY_FULL"] === undefined ? 4_000 : 30_000;

export interface PlatformUnderFaults {
  readonly title: string;
  readonly open: OpenLocalPlatform<CompletePlatform>;
  /** The adapter's module from the repository's root, for a process of its own. */
  readonly module: string;
  /** What a person says while the server is gone is kept and handed over afterwards. */
  readonly keepsWhileDown: boolean;
}

/** Registers the experiments for one platform. */
export function survivesFaultsOn(under: PlatformUnderFaults): void {
  describe(`${under.title}: when things break`, () => {
    inProcess(under);
    acrossProcesses(under);
  });
}

interface Setup {
  readonly platform: CompletePlatform;
  readonly bot: RunningBot;
  readonly anna: CompletePerson;
}

function inProcess(under: PlatformUnderFaults): void {
  let setup: Setup;
  beforeAll(async () => {
    const platform = await under.open();
    const bot = await startBot([platform.account, web()], { broker: "embedded" });
    await until(platform, platform.isConnected, () => `${under.title} was never connected`);
    setup = { platform, bot, anna: platform.person("1001", "Anna") };
    await watch(platform, setup.anna).ask("hello", /automated assistant/u);
  }, 90_000);
  afterAll(async () => {
    await setup.bot.close();
    await setup.platform.close();
  }, 60_000);

  it("answers every message once while connections are cut again and again", async () => {
    await echoes(setup, async (say) => {
      for (let index = 0; index < 9; index += 1) {
        await say();
        if (index % 3 === 1) await setup.platform.faults.cutConnections();
      }
    });
  });

  it(`answers what was said during an outage of ${OUTAGE_MS / 1000} s`, async () => {
    const { faults } = setup.platform;
    await echoes(setup, async (say) => {
      await say();
      await faults.goDown();
      if (under.keepsWhileDown) for (let index = 0; index < 4; index += 1) await say();
      await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
      await faults.comeBack();
      await until(setup.platform, setup.platform.isConnected, () => "it never came back");
      await say();
    });
  }, 150_000);

  it("obeys a storm of 429", async () => {
    setup.platform.faults.next("send", { kind: "rate-limited", retryAfterMs: 700 }, 4);
    await echoes(setup, async (say) => {
      for (let index = 0; index < 4; index += 1) await say();
    });
  });

  it("tries again after server errors and connections refused", async () => {
    const { faults } = setup.platform;
    faults.next("send", { kind: "server-error", status: 503 }, 2);
    await echoes(setup, async (say) => await say());
    faults.next("send", { kind: "cut-before" });
    await echoes(setup, async (say) => await say(), "may double");
  });

  it("says it in plain text where the markup is refused", async () => {
    setup.platform.faults.next("send", { kind: "markup-refused" });
    await watch(setup.platform, setup.anna).ask("What does a replacement debit card cost?", /€9\.00/u);
  });

  it("treats a cut behind an executed send as unknown: seen at least once, never more than twice", async () => {
    setup.platform.faults.next("send", { kind: "cut-after" });
    const { idempotentSend, reconcile } = setup.platform.account.adapter.manifest.capabilities;
    await echoes(setup, async (say) => await say(), idempotentSend || reconcile ? undefined : "may double");
  });

  it("lands the whole answer though its live edits are refused", async () => {
    setup.platform.faults.next("edit", { kind: "rate-limited", retryAfterMs: 1_500 }, 3);
    const words = wordsOf(
      await watch(setup.platform, setup.anna).ask("explain everything", /That was everything/u),
    ).replaceAll(/\s+/gu, " ");
    for (let number = 1; number <= LONG_LINES; number += 1) expect(words).toContain(`Paragraph ${number} is about`);
  });

  it("answers nothing twice when the platform delivers everything again, shuffled", async () => {
    const before = botMessages(setup).length;
    const again = await setup.platform.faults.redeliver();
    expect(again).toBeGreaterThan(0);
    await echoes(setup, async (say) => await say());
    expect(botMessages(setup).length).toBe(before + 1);
  });

  it("made no call that the platform had to refuse", () => {
    expect(setup.platform.refusedCalls()).toEqual([]);
  });

  it("says what is wrong, and what to do, when the token is revoked; the other adapter goes on", async () => {
    await setup.platform.faults.revoke();
    await expect
      .poll(() => healthOf(setup), { timeout: 45_000, interval: 250 })
      .toMatchObject({ state: expect.stringMatching(/down|login-required|degraded/u), remedy: expect.any(String) });
    await otherAdapterAnswers(setup.bot);
  });
}

function acrossProcesses({ open, module, title }: PlatformUnderFaults): void {
  it("loses nothing when the adapter's process is killed, and hands over when it is told to stop", async () => {
    const platform = await open();
    const directory = await mkdtemp(join(tmpdir(), "parley-killed-"));
    const anna = platform.person("1001", "Anna");
    const start = async () => await startProduct({ module, account: platform.account, directory });
    try {
      let product = await start();
      await until(platform, platform.isConnected, () => `${title} was never connected`);
      await watch(platform, anna).ask("hello", /automated assistant/u);
      const setup = { platform, anna };
      await echoes(
        setup,
        async (say) => {
          await say();
          await say();
          await product.kill();
          await say();
          product = await start();
          await say();
        },
        "may double",
      );
      await echoes(setup, async (say) => {
        await say();
        const stopping = product.stop();
        await say();
        await stopping;
        product = await start();
        await say();
      });
      await product.stop();
    } finally {
      await platform.close();
      await rm(directory, { recursive: true, force: true });
    }
  }, 150_000);
}

const counted = { tokens: 0 };

/** Says numbered things while something breaks; each must be answered, and shown once. */
async function echoes(
  { platform, anna, bot }: Pick<Setup, "platform" | "anna"> & { readonly bot?: RunningBot },
  during: (say: () => Promise<void>) => Promise<void>,
  duplicates?: "may double",
): Promise<void> {
  const tokens: string[] = [];
  await during(async () => {
    counted.tokens += 1;
    const token = `token-${counted.tokens}`;
    tokens.push(token);
    await anna.say(`echo ${token}`);
  });
  const timesSeen = (token: string): number =>
    botMessages({ platform, anna }).filter(({ plain }) => plain.includes(`You said ${token}.`)).length;
  await until(
    platform,
    () => tokens.every((token) => timesSeen(token) > 0),
    () => `never answered: ${tokens.filter((token) => timesSeen(token) === 0).join(", ")}`,
  );
  // A doubtful send is repeated after a back-off of a second or two: only then it is seen twice.
  if (duplicates !== undefined) await new Promise((resolve) => setTimeout(resolve, DOUBT_MS));
  await watch(platform, anna).after(async () => {}, /^/u);
  const doubled = tokens.filter((token) => timesSeen(token) > 1);
  if (duplicates === undefined) expect(doubled).toEqual([]);
  else if (doubled.length > 0) process.stdout.write(`${platform.platform}: ${doubled.length} seen twice\n`);
  expect(tokens.every((token) => timesSeen(token) <= 2)).toBe(true);
  if (bot !== undefined) await otherAdapterAnswers(bot);
}

function botMessages({ anna }: Pick<Setup, "anna" | "platform">): readonly SeenMessage[] {
  return anna.sees().filter(({ author }) => author.isBot);
}

function healthOf({ bot, platform }: Setup) {
  return bot.runtime.accounts.health().find(({ account }) => account.startsWith(`${platform.platform}:`));
}

async function otherAdapterAnswers({ runtime }: RunningBot): Promise<void> {
  const response = await fetch(`${runtime.url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "echo elsewhere" }),
  });
  expect(await response.text()).toContain("You said elsewhere.");
}
