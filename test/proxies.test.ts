/**
 * Every client that calls out, through a real proxy that counts, against the platforms on this machine. The addresses
 * that the clients are given exist for the proxy alone, so that nothing can go around it.
 */
import { createServer } from "node:http";
import { Agent, setGlobalDispatcher } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDiscordLocally } from "../adapters/discord/testing/index.ts";
import { openSlackLocally } from "../adapters/slack/testing/index.ts";
import { openTelegramLocally } from "../adapters/telegram/testing/index.ts";
import { openWhatsappCloudLocally, openWhatsappLocally } from "../adapters/whatsapp/testing/index.ts";
import { checkCrew } from "../agents/check-crew.ts";
import { chooseModels } from "../agents/choose-model.ts";
import { readCrewOptions } from "../agents/crew-options.ts";
import { claudeModels } from "../agents/model-roles/claude-models.ts";
import type { BoundAdapter } from "../core/adapter-binding.ts";
import { guardedFetch } from "../core/attachments/index.ts";
import { createNetwork, type Network, routeFetch } from "../core/network/network.ts";
import { readProxyRules } from "../core/network/rules.ts";
import { silentTelemetry } from "../core/silent-telemetry.ts";
import type { CompletePlatform } from "../core/testing/index.ts";
import { quietContext } from "../core/testing/index.ts";
import { countingProxy } from "./support/counting-proxy.ts";
import { startMessagesApi } from "./support/messages-api/server.ts";

const CREDENTIALS = "parley:p%40ss";

/** A network through the proxy; `fetch` is routed as in a process, and given back when the test ends. */
async function through(proxy: string, noProxy = ""): Promise<Network> {
  const network = await createNetwork(readProxyRules({}, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: noProxy }));
  await routeFetch(network);
  onTestFinished(() => setGlobalDispatcher(new Agent()));
  return network;
}

/** The account with one address of its settings replaced, and the port where that really is. */
function elsewhere({ account }: CompletePlatform, setting: string, host: string) {
  const settings = account.settings;
  if (typeof settings !== "object" || settings === null) throw new TypeError("an account without settings");
  const real = new URL(String(Reflect.get(settings, setting)));
  const address = String(Reflect.get(settings, setting)).replace(real.host, host);
  return { bound: account.adapter.bind({ ...settings, [setting]: address }), host: real.host, port: Number(real.port) };
}

/** Connects an account through the proxy, says a word to it, and waits until it was heard. */
async function talk(platform: CompletePlatform, bound: BoundAdapter, network: Network): Promise<void> {
  const heard: string[] = [];
  const context = quietContext(platform.platform, {
    network,
    accept: async (normalized) => {
      if ("event" in normalized && normalized.event.type === "message") heard.push(normalized.event.text);
      return undefined;
    },
  });
  const session = await bound.connect(context);
  onTestFinished(session.close);
  const checks = await bound.probe(network);
  expect(checks.filter(({ status }) => status === "error")).toEqual([]);
  await platform.person("ann").say("hello through the proxy");
  await expect.poll(() => heard).toContain("hello through the proxy");
}

describe("platforms L: every client goes through the proxy", () => {
  it("Telegram: calls and polling", async () => {
    const platform = await openTelegramLocally({ settings: { pollSeconds: 1 } });
    onTestFinished(platform.close);
    const { bound, port } = elsewhere(platform, "apiRoot", "telegram.invalid");
    const proxy = await countingProxy({ credentials: CREDENTIALS, ports: { "telegram.invalid:80": port } });
    await talk(platform, bound, await through(proxy.url));
    expect(new Set(proxy.seen)).toEqual(new Set(["telegram.invalid:80"]));
  });

  it("Discord: API and gateway", async () => {
    const platform = await openDiscordLocally({});
    onTestFinished(platform.close);
    const { bound, host, port } = elsewhere(platform, "apiUrl", "discord.invalid");
    const proxy = await countingProxy({ credentials: CREDENTIALS, ports: { "discord.invalid:80": port } });
    await talk(platform, bound, await through(proxy.url));
    // The API tells the gateway's own address.
    expect(new Set(proxy.seen)).toEqual(new Set(["discord.invalid:80", host]));
  });

  it("Slack: Web API and Socket Mode", async () => {
    const platform = await openSlackLocally({});
    onTestFinished(platform.close);
    const { bound, host, port } = elsewhere(platform, "apiUrl", "slack.invalid");
    const proxy = await countingProxy({ credentials: CREDENTIALS, ports: { "slack.invalid:80": port } });
    await talk(platform, bound, await through(proxy.url));
    expect(new Set(proxy.seen)).toEqual(new Set(["slack.invalid:80", host]));
  });

  it("WhatsApp Cloud: the Graph API", async () => {
    const platform = await openWhatsappCloudLocally({});
    onTestFinished(platform.close);
    const { bound, port } = elsewhere(platform, "graphUrl", "graph.invalid");
    const proxy = await countingProxy({ credentials: CREDENTIALS, ports: { "graph.invalid:80": port } });
    const checks = await bound.probe(await through(proxy.url));
    expect(checks[0]).toMatchObject({ status: "ok" });
    expect(new Set(proxy.seen)).toEqual(new Set(["graph.invalid:80"]));
  });

  it("WhatsApp Web: the browser, with user and password", async () => {
    const platform = await openWhatsappLocally({});
    onTestFinished(platform.close);
    const { adapter, settings } = platform.account;
    const args = String(Reflect.get(Object(settings), "chromiumArguments"));
    const port = Number(/MAP web\.whatsapp\.com 127\.0\.0\.1:(\d+)/u.exec(args)?.[1]);
    const proxy = await countingProxy({ credentials: CREDENTIALS, ports: { "web.whatsapp.com:443": port } });
    const network = await through(proxy.url);
    const session = await adapter.bind(settings).connect(quietContext("whatsapp", { network }));
    onTestFinished(session.close);
    expect(new Set(proxy.seen)).toContain("web.whatsapp.com:443");
  });

  it("Claude: answers, and what doctor asks; the address by environment or setting", async () => {
    const api = await startMessagesApi();
    api.script([{ text: "Good day." }]);
    onTestFinished(api.close);
    const proxy = await countingProxy({
      credentials: CREDENTIALS,
      ports: { "claude.invalid:80": Number(new URL(api.url).port) },
    });
    const network = await through(proxy.url);
    const environment = { ANTHROPIC_API_KEY: "test-key", ANTHROPIC_BASE_URL: "http://claude.invalid" };
    const [choice] = chooseModels(readCrewOptions({ model: "auto" }), { configDirectory: "." }, environment);
    if (choice?.kind !== "claude") throw new Error("expected Claude");
    const [check] = await checkCrew([choice], network);
    expect(check).toMatchObject({
      status: "ok",
      detail: expect.stringContaining(`claude.invalid through http://127.0.0.1:${proxy.port} (env HTTP_PROXY)`),
    });
    const bot = { id: "b", name: "B", locale: "en", timeZone: "UTC" };
    const context = { ...quietContext("web"), telemetry: silentTelemetry, bot };
    await claudeModels(choice, { context, prices: {} }).answers.model.invoke("hello");
    expect(api.requests.length).toBeGreaterThan(0);
    expect(new Set(proxy.seen)).toEqual(new Set(["claude.invalid:80"]));
    const own = { model: "auto", baseUrl: "http://crew.invalid" } as const;
    expect(chooseModels(readCrewOptions(own), { configDirectory: "." }, environment)[0]).toMatchObject({
      options: { baseUrl: "http://crew.invalid" },
    });
  });

  it("files that people send; what this machine knows to be private is never asked for", async () => {
    const server = createServer((_request, response) => response.end("the bytes"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const host = `127.0.0.1:${port}`;
    const proxy = await countingProxy({ ports: { "files.invalid:443": port } });
    const network = await through(proxy.url);
    const options = {
      allowedHosts: [host, "files.invalid"],
      allowLoopback: true,
      maxBytes: 1_000,
      signal: AbortSignal.timeout(5_000),
      network,
    };
    const bytes: Uint8Array[] = [];
    for await (const chunk of await guardedFetch(`http://${host}/file`, options)) bytes.push(chunk);
    expect(Buffer.concat(bytes).toString()).toBe("the bytes");
    // Only the proxy knows this name; what answers there speaks no TLS.
    await expect(guardedFetch("https://files.invalid/x", options)).rejects.toMatchObject({
      code: "attachment/fetch-failed",
    });
    expect(proxy.seen).toEqual([host, "files.invalid:443"]);
    for (const known of ["10.0.0.7", "169.254.169.254", "::1", "fd00::1"]) {
      const lookup = async () => [{ address: known, family: known.includes(":") ? 6 : 4 }];
      const attempt = guardedFetch("https://files.invalid/x", { ...options, allowLoopback: false, lookup });
      await expect(attempt).rejects.toMatchObject({ code: "attachment/host-not-allowed" });
    }
    await expect(guardedFetch("https://evil.invalid/x", options)).rejects.toMatchObject({
      code: "attachment/host-not-allowed",
    });
    expect(proxy.seen).toHaveLength(2);
  });

  it("reaches directly what NO_PROXY names", async () => {
    const platform = await openTelegramLocally({ settings: { pollSeconds: 1 } });
    onTestFinished(platform.close);
    const proxy = await countingProxy();
    const { adapter, settings } = platform.account;
    await talk(platform, adapter.bind(settings), await through(proxy.url, "127.0.0.0/8"));
    expect(proxy.seen).toEqual([]);
  });

  it("says so, without the password, where the proxy refuses it", async () => {
    const platform = await openTelegramLocally({});
    onTestFinished(platform.close);
    const { bound, port } = elsewhere(platform, "apiRoot", "telegram.invalid");
    const proxy = await countingProxy({ credentials: CREDENTIALS, ports: { "telegram.invalid:80": port } });
    const network = await through(proxy.url.replace(CREDENTIALS, "parley:wr0ng"));
    const checks = await bound.probe(network);
    expect(checks[0]).toMatchObject({ status: "error", detail: expect.stringContaining("cannot be reached") });
    expect(JSON.stringify(checks)).not.toContain("wr0ng");
    expect(proxy.refused()).toBeGreaterThan(0);
    expect(proxy.seen).toEqual([]);
  });
});
