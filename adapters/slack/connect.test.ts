import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectSlackAccount, outgoingOf, REPLY } from "../../test/support/slack-account.ts";
import { Secret } from "../../core/config/index.ts";
import { textOf } from "../../core/event.ts";
import type { HttpRoute } from "../../core/http.ts";
import type { Json } from "../../core/json.ts";
import { quietContext } from "../../core/testing/index.ts";
import { slackAdapter } from "./index.ts";
import { openSlackLocally, type SlackLocalOptions, type SlackLocalPlatform } from "./testing/index.ts";
import { signatureOf } from "./testing/hand-over.ts";

const said = (events: Parameters<typeof textOf>[0][]): readonly string[] => events.map(textOf);

describe("acknowledgement", () => {
  it("comes after the durable write: what could not be written is sent again by Slack, and neither lost nor doubled", async () => {
    const { platform, events, outage } = await connectSlackAccount({ ackMs: 300, retriesMs: [100, 200, 200] });
    const ann = platform.person("ann");
    outage.failing = true;
    await ann.say("keep this");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(events).toEqual([]);
    outage.failing = false;
    await expect.poll(() => said([...events])).toEqual(["keep this"]);
  });

  it("of one message under eleven event ids gives one event", async () => {
    const { platform, events } = await connectSlackAccount();
    const ann = platform.person("ann");
    await ann.say("only once");
    await expect.poll(() => events.length).toBe(1);
    for (let index = 0; index < 10; index += 1) await platform.faults.redeliver();
    await ann.say("and this");
    await expect.poll(() => said([...events])).toEqual(["only once", "and this"]);
  });

  it("of a command that could not be taken tells the person, since Slack tries it once only", async () => {
    const { platform, outage } = await connectSlackAccount();
    const ann = platform.person("ann");
    await expect.poll(() => platform.calls()).toContain("apps.manifest.update");
    outage.failing = true;
    const { acknowledged, notice } = await ann.command("balance");
    expect(acknowledged).toBe(true);
    expect(notice).toContain("try again");
  });
});

describe("the connection", () => {
  it("names a refused bot token and what to do, and the process lives", async () => {
    const platform = await openLocally();
    const settings = { ...settingsOf(platform), botToken: new Secret("xoxb-wrong", "a test") };
    const connecting = slackAdapter.bind(settings).connect(quietContext("slack"));
    await expect(connecting).rejects.toMatchObject({
      code: "slack/token-refused",
      message: expect.stringContaining("Reinstall the app"),
    });
  });

  it("names a refused app-level token", async () => {
    const platform = await openLocally();
    const settings = { ...settingsOf(platform), appToken: new Secret("xapp-wrong", "a test") };
    const connecting = slackAdapter.bind(settings).connect(quietContext("slack"));
    await expect(connecting).rejects.toMatchObject({
      code: "slack/token-refused",
      message: expect.stringContaining("xapp"),
    });
  });

  it("is refused in words when nobody answers at all", async () => {
    const platform = await openLocally();
    const settings = settingsOf(platform);
    await platform.close();
    const connecting = slackAdapter.bind(settings).connect(quietContext("slack"));
    await expect(connecting).rejects.toMatchObject({ code: "send/transient" });
  });

  it("comes back at once after a cut, hears everything once, and says so in its health", async () => {
    const { platform, session, events } = await connectSlackAccount();
    const ann = platform.person("ann");
    for (let index = 0; index < 4; index += 1) {
      const opened = (): number => platform.calls().filter((call) => call === "apps.connections.open").length;
      const before = opened();
      await platform.faults.cutConnections();
      await expect.poll(opened).toBe(before + 1);
      await expect.poll(platform.isConnected).toBe(true);
      await ann.say(`after cut ${index}`);
    }
    await expect.poll(() => events.length).toBe(4);
    await expect.poll(() => session.health().state).toBe("live");
    expect(session.health().lastReceivedAt).toBeDefined();
  });

  it("fills the gap of an outage from the channels' history, threads included, once", async () => {
    // Slack has given up trying when the connection is back.
    const { platform, events, ignored } = await connectSlackAccount({ retriesMs: [] });
    const ann = platform.person("ann", "Ann");
    const { id: chat } = await platform.group("general", [ann]);
    const root = await ann.say("before", { chat });
    await expect.poll(() => events.filter(({ type }) => type === "message").length).toBe(1);
    await platform.faults.goDown();
    await ann.say("missed in the direct chat");
    await ann.say("missed in the channel", { chat });
    await ann.say("missed in a thread", { chat, thread: root });
    await ann.say("a file", { files: [{ name: "a.txt", mediaType: "text/plain", bytes: Buffer.from("x") }] });
    await platform.faults.comeBack();
    const words = (): readonly string[] => events.filter(({ type }) => type === "message").map(textOf);
    await expect.poll(() => words().length).toBe(5);
    expect(words().toSorted()).toEqual(
      ["before", "missed in the direct chat", "missed in the channel", "missed in a thread", "a file"].toSorted(),
    );
    expect(events.find((event) => textOf(event) === "missed in a thread")?.chat.thread).toBe(root);
    expect(ignored.filter((reason) => reason.includes("own"))).toEqual([]);
  });

  it("fills the gap between two processes too, but answers nothing from before it was ever there", async () => {
    const values = new Map<string, Json>();
    const platform = await openLocally({ retriesMs: [] });
    const ann = platform.person("ann");
    await ann.say("long ago");
    const first = await connectSlackAccount({ platform, values });
    await ann.say("to the first");
    await expect.poll(() => said([...first.events])).toContain("to the first");
    await first.session.close();
    expect(first.session.health().state).toBe("closed");
    await ann.say("to nobody");
    const second = await connectSlackAccount({ platform, values });
    await expect.poll(() => said([...second.events])).toContain("to nobody");
    expect(said([...second.events])).not.toContain("long ago");
  });

  it("takes nothing more once it closes: Slack keeps it for the next process", async () => {
    const { session, platform, events } = await connectSlackAccount({ overHttp: true });
    await session.close();
    const body = JSON.stringify({ type: "event_callback", event: { type: "app_mention" } });
    const route = session.routes?.find(({ path }) => path === "/slack/events") ?? expect.fail();
    expect((await post(route, body, signatureOf(body, platform.signingSecret))).status).toBe(503);
    expect(events).toEqual([]);
  });

  it("says at once that the token was revoked, and what to do", async () => {
    const { platform, session } = await connectSlackAccount();
    await platform.faults.revoke();
    await expect
      .poll(() => session.health())
      .toMatchObject({ state: "down", remedy: expect.stringContaining("Reinstall") });
  });
});

describe("a pressed button", () => {
  it("is answered, handed in with its presser, and gives way to what was chosen", async () => {
    const account = await connectSlackAccount();
    const { platform, events, session } = account;
    const ann = platform.person("ann", "Ann");
    await ann.say("transfer");
    await expect.poll(() => events.length).toBe(1);
    const choices = [{ id: "confirm:p1", label: "Confirm", value: "yes" }];
    const { messageId } = await session.send(
      outgoingOf(account, events[0] ?? expect.fail(), { text: "Sure?", choices }),
    );
    expect((await ann.press(messageId, "Confirm")).acknowledged).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "action", choiceId: "confirm:p1", user: { id: ann.id }, messageId });
    await expect.poll(() => ann.sees().at(-1)?.plain).toBe("Sure?\n✓ Confirm — @Ann");
    expect(ann.sees().at(-1)?.choices).toEqual([]);
  });

  it("by somebody else stays for its requester, in the thread where it was asked", async () => {
    const account = await connectSlackAccount();
    const { platform, events, session } = account;
    const [ann, bob] = [platform.person("ann"), platform.person("bob")];
    const { id: chat } = await platform.group("general", [ann, bob]);
    await ann.say("transfer", { chat, mentionBot: true });
    await expect.poll(() => events.some(({ type }) => type === "message")).toBe(true);
    const asked = events.find(({ type }) => type === "message") ?? expect.fail();
    const choices = [{ id: "confirm:p1", label: "Confirm", value: "yes" }];
    const { messageId } = await session.send(outgoingOf(account, asked, { text: "Sure?", choices }));
    await bob.press(messageId, "Confirm");
    expect(events.at(-1)).toMatchObject({ type: "action", user: { id: bob.id }, conversation: asked.conversation });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ann.sees(chat).at(-1)?.choices).toMatchObject([{ label: "Confirm" }]);
  });
});

describe("the app's own places", () => {
  it("has its slash commands registered, and again only when they change", async () => {
    const { platform } = await connectSlackAccount();
    await expect.poll(() => platform.calls()).toContain("apps.manifest.update");
    const again = await connectSlackAccount({ platform });
    await expect.poll(() => platform.calls().filter((call) => call === "apps.manifest.export").length).toBe(2);
    expect(platform.calls().filter((call) => call === "apps.manifest.update")).toHaveLength(1);
    await expect.poll(() => again.session.health().state).toBe("live");
  });

  it("shows the commands at the Home tab; one that is pressed there is answered in the direct chat", async () => {
    const { platform, events } = await connectSlackAccount();
    const ann = platform.person("ann");
    await ann.openHome();
    await expect.poll(() => ann.home()).toEqual(expect.arrayContaining(["Ask a question", "/help", "/balance"]));
    expect((await ann.pressAtHome("/balance")).acknowledged).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "command", name: "balance", chat: { id: "DANN", type: "direct" } });
  });

  it("asks in a modal; what is submitted there is a message of the direct chat", async () => {
    const { platform, events } = await connectSlackAccount();
    const ann = platform.person("ann");
    await ann.openHome();
    await expect.poll(() => ann.home()).toContain("Ask a question");
    expect((await ann.pressAtHome("Ask a question")).acknowledged).toBe(true);
    expect((await ann.submitModal("Is <5 & free> right?")).acknowledged).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "message", text: "Is <5 & free> right?", chat: { id: "DANN" } });
    expect(platform.refusedCalls()).toEqual([]);
  });

  it("offers suggestions in a new assistant chat, which is a conversation of its own", async () => {
    const { platform, events } = await connectSlackAccount({ settings: { suggestions: ["What does a card cost?"] } });
    const ann = platform.person("ann");
    const thread = await ann.openAssistant();
    await expect.poll(() => ann.promptsIn(thread)).toEqual(["What does a card cost?"]);
    await ann.say("What does a card cost?", { thread });
    await expect.poll(() => events.at(-1)?.chat).toMatchObject({ type: "direct", thread });
  });
});

describe("files of people", () => {
  it("are fetched with the workspace's token", async () => {
    const { platform, events, session } = await connectSlackAccount();
    const bytes = Buffer.from("the notes");
    await platform.person("ann").say("", { files: [{ name: "notes.txt", mediaType: "text/plain", bytes }] });
    await expect.poll(() => events.length).toBe(1);
    const [event] = events;
    const attachment = event?.type === "message" ? event.attachments[0] : undefined;
    const fetched = await session.fetchAttachment?.(attachment ?? expect.fail(), AbortSignal.timeout(5_000));
    const chunks: Uint8Array[] = [];
    for await (const chunk of fetched ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("the notes");
  });

  it("are never asked for at another host, so the token goes nowhere else", async () => {
    const { session } = await connectSlackAccount();
    const reference = { team: "T0001", url: "https://files.example.org/x" };
    const fetching = session.fetchAttachment?.({ id: "F1", kind: "document", reference }, AbortSignal.timeout(5_000));
    await expect(fetching).rejects.toMatchObject({ code: "attachment/host-not-allowed" });
  });

  it("are not mistaken for Slack's sign-in page", async () => {
    const { platform, events, session } = await connectSlackAccount();
    const file = { name: "notes.txt", mediaType: "text/plain", bytes: Buffer.from("x") };
    await platform.person("ann").say("look", { files: [file] });
    await expect.poll(() => events.length).toBe(1);
    await platform.faults.revoke();
    const [event] = events;
    const attachment = event?.type === "message" ? event.attachments[0] : undefined;
    const fetched = await session.fetchAttachment?.(attachment ?? expect.fail(), AbortSignal.timeout(5_000));
    const first = fetched?.[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ message: expect.stringContaining("files:read") });
  });
});

describe("signed requests", () => {
  it("bring events, commands and presses, and are answered within Slack's time", async () => {
    const { platform, events, session } = await connectSlackAccount({ overHttp: true });
    const ann = platform.person("ann");
    await expect.poll(() => platform.calls()).toContain("apps.manifest.update");
    await ann.say("over HTTP");
    await expect.poll(() => said([...events])).toEqual(["over HTTP"]);
    const { acknowledged, withinMs } = await ann.command("balance", "savings");
    expect(acknowledged && withinMs < 3_000).toBe(true);
    expect(textOf(events.at(-1) ?? expect.fail())).toBe("/balance savings");
    expect(session.health()).toMatchObject({ state: "live", detail: "waiting for signed requests" });
  });

  it("are tried again by Slack until they could be made durable", async () => {
    const { platform, events, outage } = await connectSlackAccount({ overHttp: true, retriesMs: [100, 300, 300] });
    outage.failing = true;
    await platform.person("ann").say("keep this");
    await new Promise((resolve) => setTimeout(resolve, 200));
    outage.failing = false;
    await expect.poll(() => said([...events])).toEqual(["keep this"]);
  });

  it("without a right and fresh signature over the very bytes are refused", async () => {
    const { platform, events, session } = await connectSlackAccount({ overHttp: true });
    const route = session.routes?.find(({ path }) => path === "/slack/events") ?? expect.fail();
    const body = JSON.stringify({ type: "url_verification", challenge: "abc" });
    const good = signatureOf(body, platform.signingSecret);
    const answer = await post(route, body, good);
    expect(await answer.json()).toEqual({ challenge: "abc" });
    const stale = signatureOf(body, platform.signingSecret, Date.now() - 6 * 60_000);
    const forged = signatureOf(body, "another secret");
    for (const headers of [stale, forged, {}]) expect((await post(route, body, headers)).status).toBe(401);
    expect((await post(route, `${body} `, good)).status).toBe(401);
    const garbage = "{";
    expect((await post(route, garbage, signatureOf(garbage, platform.signingSecret))).status).toBe(200);
    expect(events).toEqual([]);
  });
});

describe("several workspaces", () => {
  const oauth = {
    clientId: "1.2",
    clientSecret: new Secret("client-secret", "a test"),
    redirectUrl: "https://bots.example/slack/oauth/callback",
  };

  it("install the app themselves; each is answered with its own token", async () => {
    const values = new Map<string, Json>();
    const account = await connectSlackAccount({ settings: { oauth, botToken: undefined }, values });
    const { platform, events, session } = account;
    for (const team of ["T0001", "T0002"]) await install(session.routes ?? [], `code-${team}`);
    const [ann, bob] = [platform.person("ann", "Ann", "T0001"), platform.person("bob", "Bob", "T0002")];
    await ann.say("from the first");
    await bob.say("from the second");
    await expect
      .poll(() => events.map(({ chat, user }) => [chat.id, user.id]))
      .toEqual([
        ["T0001/DANN", "T0001/UANN"],
        ["T0002/DBOB", "T0002/UBOB"],
      ]);
    for (const event of events)
      await session.send(outgoingOf(account, event, { ...REPLY, text: `Hello ${event.user.id}` }));
    expect([ann, bob].map((person) => person.sees().at(-1)?.plain)).toEqual(["Hello T0001/UANN", "Hello T0002/UBOB"]);
  });

  it("are gone from here when they remove the app", async () => {
    const values = new Map<string, Json>();
    const account = await connectSlackAccount({ settings: { oauth, botToken: undefined }, values });
    await install(account.session.routes ?? [], "code-T0002");
    await account.platform.deliver({
      type: "events_api",
      body: { type: "event_callback", team_id: "T0002", event: { type: "app_uninstalled" } },
    });
    await expect.poll(() => values.get("installations")).toEqual([]);
    expect(values.get("installation:T0002")).toBeNull();
  });

  it("that were kept encrypted under the client secret are taken over", async () => {
    const values = new Map<string, Json>();
    const first = await connectSlackAccount({ settings: { oauth, botToken: undefined }, values });
    await install(first.session.routes ?? [], "code-T0002");
    const kept = JSON.stringify(values.get("installation:T0002"));
    values.set("installation:T0002", encryptedEarlier(kept, "client-secret"));
    const second = await connectSlackAccount({ settings: { oauth, botToken: undefined }, values });
    const bob = second.platform.person("bob", "Bob", "T0002");
    await bob.say("hello?");
    await expect.poll(() => second.events.length).toBe(1);
    await second.session.send(outgoingOf(second, second.events[0] ?? expect.fail(), { text: "hello" }));
    expect(JSON.stringify(values.get("installation:T0002"))).toBe(kept);
  });

  it("that were kept so must be made again where the client secret changed, and keep nobody else away", async () => {
    const values = new Map<string, Json>();
    const first = await connectSlackAccount({ settings: { oauth, botToken: undefined }, values });
    await install(first.session.routes ?? [], "code-T0002");
    const kept = JSON.stringify(values.get("installation:T0002"));
    values.set("installation:T0002", encryptedEarlier(kept, "another"));
    const second = await connectSlackAccount({ settings: { oauth, botToken: undefined }, values });
    await second.platform.person("bob", "Bob", "T0002").say("hello?");
    await expect.poll(() => second.events.length).toBe(1);
    const answer = second.session.send(outgoingOf(second, second.events[0] ?? expect.fail(), {}));
    await expect(answer).rejects.toMatchObject({
      code: "send/permanent",
      message: expect.stringContaining("Reinstall"),
    });
  });

  const rotating = { settings: { oauth, botToken: undefined } };
  const renewals = (platform: SlackLocalPlatform): number =>
    platform.calls().filter((call) => call === "oauth.v2.access").length - 1;

  it("renew a token ahead of its end, once over all processes and calls", async () => {
    const values = new Map<string, Json>();
    const one = await connectSlackAccount({ ...rotating, values });
    one.platform.rotateTokens(12 * 3_600);
    await install(one.session.routes ?? [], "code-T0001");
    const two = await connectSlackAccount({ ...rotating, values, platform: one.platform });
    const ann = one.platform.person("ann");
    await ann.say("hello");
    await expect.poll(() => [...one.events, ...two.events].length).toBeGreaterThan(0);
    const event = [...one.events, ...two.events][0] ?? expect.fail();
    await one.session.send(outgoingOf(one, event, { text: "first" }));
    expect(renewals(one.platform)).toBe(0);
    for (const { clock } of [one, two]) clock.offsetMs = 11 * 3_600_000;
    const sends = [one, two, one, two].map(
      async (account, part) =>
        await account.session.send(outgoingOf(account, event, { text: `at once ${part}` }, { part })),
    );
    await Promise.all(sends);
    expect(renewals(one.platform)).toBe(1);
    expect(one.platform.refusedCalls()).toEqual([]);
    // The next renewal needs the refresh token that came with this one.
    for (const { clock } of [one, two]) clock.offsetMs = 22 * 3_600_000;
    await two.session.send(outgoingOf(two, event, { text: "later" }, { part: 5 }));
    expect(renewals(one.platform)).toBe(2);
  });

  it("go on with a token that works while it cannot be renewed, and say so once it does not", async () => {
    const account = await connectSlackAccount(rotating);
    account.platform.rotateTokens(12 * 3_600);
    await install(account.session.routes ?? [], "code-T0001");
    await account.platform.person("ann").say("hello");
    await expect.poll(() => account.events.length).toBe(1);
    const event = account.events[0] ?? expect.fail();
    account.platform.forgetMethod("oauth.v2.access");
    account.clock.offsetMs = 11 * 3_600_000;
    await account.session.send(outgoingOf(account, event, { text: "still here" }));
    account.clock.offsetMs = 13 * 3_600_000;
    await expect(account.session.send(outgoingOf(account, event, { text: "late" }, { part: 1 }))).rejects.toMatchObject(
      {
        code: "send/permanent",
        message: expect.stringContaining("could not be renewed"),
      },
    );
  });

  it("are answered with the token of their organisation where the app is installed in it as a whole", async () => {
    const account = await connectSlackAccount(rotating);
    const { platform, events, session } = account;
    await install(session.routes ?? [], "code-E0001");
    for (const team of ["T0101", "T0102"]) {
      platform.workspaceOf("E0001", team);
      await platform.person(`ann${team}`, "Ann", team).say(`hello from ${team}`);
    }
    await expect.poll(() => events.length).toBe(2);
    for (const event of events) await session.send(outgoingOf(account, event, { text: "Hello there." }));
    for (const team of ["T0101", "T0102"])
      expect(platform.person(`ann${team}`, "Ann", team).sees().at(-1)?.plain).toBe("Hello there.");
    expect(events.map(({ chat }) => chat.id.split("/")[0])).toEqual(["T0101", "T0102"]);
    expect(platform.refusedCalls()).toEqual([]);
  });

  it("install nothing for an answer that was not asked for here, by this browser, lately", async () => {
    const { session, clock } = await connectSlackAccount({ settings: { oauth, botToken: undefined } });
    const routes = session.routes ?? [];
    const { state, cookie } = await begin(routes);
    expect((await callback(routes, { code: "code-T0002", state }, "")).status).toBe(400);
    expect((await callback(routes, { code: "code-T0002", state: `${state}x` }, cookie)).status).toBe(400);
    expect((await callback(routes, { error: "access_denied", state }, cookie)).status).toBe(400);
    clock.offsetMs = 11 * 60_000;
    expect((await callback(routes, { code: "code-T0002", state }, cookie)).status).toBe(400);
  });
});

describe("parley doctor", () => {
  it("finds good tokens good", async () => {
    const platform = await openLocally();
    expect((await slackAdapter.bind(settingsOf(platform)).probe()).map(({ status }) => status)).toEqual([
      "ok",
      "ok",
      "ok",
    ]);
  });

  it("names each wrong token and the remedy", async () => {
    const platform = await openLocally();
    const wrong = { botToken: new Secret("xoxb-wrong", "a test"), appToken: new Secret("xapp-wrong", "a test") };
    const checks = await slackAdapter.bind({ ...settingsOf(platform), ...wrong }).probe();
    expect(checks).toMatchObject([
      { status: "error", detail: "Slack answers invalid_auth", remedy: expect.stringContaining("Reinstall") },
      { status: "error", detail: "Slack answers invalid_auth", remedy: expect.stringContaining("connections:write") },
    ]);
    const swapped = await slackAdapter
      .bind({ ...settingsOf(platform), botToken: new Secret("xapp-1", "a test") })
      .probe();
    expect(swapped[0]).toMatchObject({ status: "error", detail: "it does not begin with xoxb-" });
  });
});

async function openLocally(options: SlackLocalOptions = {}): Promise<SlackLocalPlatform> {
  const platform = await openSlackLocally(options);
  onTestFinished(async () => await platform.close().catch(() => undefined));
  return platform;
}

function settingsOf({ account }: SlackLocalPlatform): object {
  return Object.assign({}, account.settings);
}

async function handle(route: HttpRoute, raw: Request, query?: unknown): Promise<Response> {
  const facts = {
    parameters: undefined,
    body: undefined,
    correlationId: "c",
    caller: { address: "127.0.0.1", mayNameUsers: false },
    signal: raw.signal,
  };
  return await route.handle({ ...facts, query, raw });
}

async function post(route: HttpRoute, body: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const all = { ...headers, "content-type": "application/json" };
  return await handle(route, new Request(`http://local${route.path}`, { method: "POST", body, headers: all }));
}

async function begin(routes: readonly HttpRoute[]): Promise<{ readonly state: string; readonly cookie: string }> {
  const route = routes.find(({ path }) => path === "/slack/install") ?? expect.fail();
  const response = await handle(route, new Request("http://local/slack/install"));
  const address = new URL(response.headers.get("location") ?? "");
  expect(address.origin + address.pathname).toBe("https://slack.com/oauth/v2/authorize");
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { state: address.searchParams.get("state") ?? "", cookie };
}

async function callback(routes: readonly HttpRoute[], query: object, cookie: string): Promise<Response> {
  const route = routes.find(({ path }) => path === "/slack/oauth/callback") ?? expect.fail();
  return await handle(route, new Request("http://local/slack/oauth/callback", { headers: { cookie } }), query);
}

async function install(routes: readonly HttpRoute[], code: string): Promise<void> {
  const { state, cookie } = await begin(routes);
  expect((await callback(routes, { code, state }, cookie)).status).toBe(200);
}

describe("platforms C: a question in somebody else's thread", () => {
  it("brings the words and the name of whom it is about, asked for once", async () => {
    const { platform, events } = await connectSlackAccount();
    const [ann, ben] = [platform.person("ann", "Ann"), platform.person("ben", "Ben")];
    const { id: chat } = await platform.group("general", [ann, ben]);
    const first = await ben.say("The fee rises to 7 percent in May.", { chat });
    await ann.say("is this true?", { chat, replyTo: first, mentionBot: true });
    await ann.say("really?", { chat, replyTo: first, mentionBot: true });
    const asked = (): readonly unknown[] => events.filter(({ user }) => user.id === ann.id);
    await expect.poll(() => asked().length).toBe(2);
    const replyTo = { messageId: first, userName: "Ben", text: "The fee rises to 7 percent in May." };
    expect(asked()).toMatchObject([
      { text: "is this true?", replyTo },
      { text: "really?", replyTo },
    ]);
    expect(platform.calls().filter((call) => call === "conversations.replies")).toHaveLength(1);
  });

  it("is taken without them where Slack does not give them", async () => {
    const { platform, events } = await connectSlackAccount();
    const [ann, ben] = [platform.person("ann"), platform.person("ben")];
    const { id: chat } = await platform.group("general", [ann, ben]);
    const first = await ben.say("The fee rises.", { chat });
    platform.forgetMethod("conversations.replies");
    await ann.say("is this true?", { chat, replyTo: first, mentionBot: true });
    await expect.poll(() => events.find(({ user }) => user.id === ann.id)).toMatchObject({ text: "is this true?" });
  });
});

describe("platforms I: shared channels and missing methods", () => {
  const oauth = {
    clientId: "1.2",
    clientSecret: new Secret("client-secret", "a test"),
    redirectUrl: "https://bots.example/slack/oauth/callback",
  };

  it("are one conversation, whichever workspace tells of it first, and know the app's bot of each", async () => {
    const { platform, events, session } = await connectSlackAccount({ settings: { oauth, botToken: undefined } });
    for (const team of ["T0001", "T0002"]) await install(session.routes ?? [], `code-${team}`);
    const message = { type: "message", channel: "C0SHARED", user: "U0ANN", user_team: "T0002" };
    const tell = async (team: string, ts: string): Promise<void> => {
      const authorizations = [{ team_id: team, user_id: `UBOT${team}`, is_bot: true }];
      const event = { ...message, ts, thread_ts: "1764288000.000100", text: "<@UBOTT0002> hello" };
      const facts = { team_id: team, api_app_id: "A0001", is_ext_shared_channel: true, authorizations };
      await platform.deliver({ type: "events_api", body: { type: "event_callback", ...facts, event } });
    };
    for (const ts of ["1764288001.000100", "1764288002.000100"]) {
      const teams = ts.includes("8001") ? ["T0001", "T0002"] : ["T0002", "T0001"];
      for (const team of teams) await tell(team, ts);
    }
    expect(events).toHaveLength(2);
    expect(new Set(events.map(({ conversation }) => conversation)).size).toBe(1);
    expect(new Set(events.map(({ user }) => user.id))).toEqual(new Set(["T0002/U0ANN"]));
    expect(events[0]).toMatchObject({ mentions: [{ isSelf: true }] });
  });

  it("are not asked for a status for ever", async () => {
    const account = await connectSlackAccount();
    const { platform, events, session } = account;
    const ann = platform.person("ann");
    const { id: chat } = await platform.group("general", [ann]);
    platform.forgetMethod("assistant.threads.setStatus");
    await ann.say("hello", { chat, mentionBot: true });
    await expect.poll(() => events.at(-1)?.type).toBe("message");
    const { target } = outgoingOf(account, events.at(-1) ?? expect.fail(), {});
    const pressed = { ...target, reference: { responseUrl: "https://hooks.slack.com/actions/1" } };
    await session.typing?.({ ...pressed, thread: undefined }, true);
    expect(platform.calls()).not.toContain("assistant.threads.setStatus");
    for (let round = 0; round < 5; round += 1) await session.typing?.(target, true);
    expect(platform.calls().filter((call) => call === "assistant.threads.setStatus")).toHaveLength(1);
  });
});

/** As earlier versions kept an installation. */
function encryptedEarlier(text: string, clientSecret: string): string {
  const key = Buffer.from(hkdfSync("sha256", clientSecret, "", "parley slack installations", 32));
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}
