import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { testEngines } from "../../test/support/engines.ts";
import { eventually } from "../../test/support/eventually.ts";
import type { TestPlace } from "../../test/support/test-place.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { NOON, openTestWebhooks } from "../../test/support/webhook-place.ts";
import { webhookReceiver } from "../../test/support/webhook-receiver.ts";
import { verifyWebhook } from "./verify.ts";

/** Starts a process on the place, waits until it stands still where it is told to, and kills it. */
async function killAt(stall: string, folder: string, place: TestPlace): Promise<void> {
  const script = fileURLToPath(new URL("../../test/support/webhooks-process.ts", import.meta.url));
  const given = [folder, String(NOON), stall, ...(place.url === undefined ? [] : [place.url])];
  const child = spawn(process.execPath, ["--import", "tsx", script, ...given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes("stalled\n")) break;
  }
  expect(said).toContain("stalled");
  child.kill("SIGKILL");
  await exited;
}

describe.each(testEngines())("a process killed ($name)", ({ place: placeIn }) => {
  // How many calls the receiver gets before and after.
  it.each([
    ["tell", 0, 1],
    ["queue", 0, 1],
    ["mark", 1, 2],
    ["acknowledge", 1, 1],
  ])("at %s loses nothing: the receiver has %i calls, and %i in the end, of one id", async (stall, before, after) => {
    const folder = await temporaryFolder();
    const place = await placeIn(folder);
    const receiver = await webhookReceiver();
    const draft = { bot: "harbour", url: receiver.url, events: ["message.received"], description: "" } as const;
    const setUp = await openTestWebhooks(folder, { now: NOON }, { place });
    const { endpoint, secret } = await setUp.webhooks.endpoints.create(draft);
    await setUp.end();

    await killAt(stall, folder, place);
    expect(receiver.got).toHaveLength(before);

    // Its leases are over.
    const clock = { now: NOON + 60_000 };
    const { webhooks, topics, end } = await openTestWebhooks(folder, clock, { place });
    const running = webhooks.start();
    onTestFinished(async () => {
      await running.close();
      await end();
    });
    await eventually(async () => {
      const deliveries = await webhooks.deliveries.page(endpoint.id, { limit: 9 });
      expect(deliveries).toMatchObject([{ status: "delivered", attempts: 1 }]);
      expect(await topics.counts("webhook-deliveries")).toEqual({ waiting: 0, dead: 0 });
      expect(await topics.counts("webhook-events")).toEqual({ waiting: 0, dead: 0 });
    });
    expect(receiver.got).toHaveLength(after);
    const ids = receiver.got.map(
      (got) => verifyWebhook(got, secret, { clock: () => clock.now, toleranceSeconds: 3_600 }).id,
    );
    expect(new Set(ids).size).toBe(1);
  });
});
