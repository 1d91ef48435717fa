import { inspect } from "node:util";
import { Api } from "grammy";
import { describe, expect, it, onTestFinished } from "vitest";
import { textOf } from "../../core/event.ts";
import { telegramChat } from "../../test/support/telegram-chat.ts";

type Chat = Awaited<ReturnType<typeof telegramChat>>;

const open = async (...options: Parameters<typeof telegramChat>): Promise<Chat> => {
  const chat = await telegramChat(...options);
  onTestFinished(chat.close);
  return chat;
};
const choices = [
  { id: "confirm:p1", label: "Confirm", value: "confirm" },
  { id: "cancel:p1", label: "Cancel", value: "cancel" },
];
const texts = ({ events }: Chat): readonly string[] => events.map(textOf);

describe("by long polling", () => {
  it("confirms an update only when it is durable: nothing is lost, nothing overtakes", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    chat.outage.down = true;
    await ann.say("one");
    await ann.say("two");
    await expect
      .poll(() => chat.session.health())
      .toMatchObject({ state: "degraded", remedy: expect.stringMatching(/broker/u) });
    expect(chat.session.health().detail).toContain("wait at Telegram");
    chat.outage.down = false;
    await ann.say("three");
    await expect.poll(() => texts(chat)).toEqual(["one", "two", "three"]);
    await expect.poll(() => chat.session.health().state).toBe("live");
  });

  it("takes chats side by side: one that waits holds up no other", async () => {
    const held: (() => void)[] = [];
    const seen: string[] = [];
    const chat = await open(
      {},
      {
        accept: async (normalized) => {
          if (!("event" in normalized) || normalized.event.type !== "message") return undefined;
          if (normalized.event.text === "slow") await new Promise<void>((resolve) => held.push(resolve));
          seen.push(normalized.event.text);
          return undefined;
        },
      },
    );
    const say = async (id: string, text: string): Promise<string> => await chat.platform.person(id).say(text);
    await chat.platform.faults.goDown();
    await Promise.all([say("ann", "slow"), say("ann", "after slow"), say("ben", "quick")]);
    await chat.platform.faults.comeBack();
    await expect.poll(() => seen).toEqual(["quick"]);
    held.forEach((release) => release());
    await expect.poll(() => seen).toEqual(["quick", "slow", "after slow"]);
  });

  it("leaves out an update that can never fit, and goes on", async () => {
    const chat = await open();
    chat.platform.inject("message", { message_id: 1, date: 1, chat: { id: "not a number" }, text: "?" });
    await chat.platform.person("ann").say("fine");
    await expect.poll(() => texts(chat)).toEqual(["fine"]);
    expect(chat.ignored).toEqual([expect.stringContaining("shape")]);
  });

  it("names a second program that polls, and takes over when it stops", async () => {
    const chat = await open();
    const other = new Api(chat.platform.token, { apiRoot: chat.platform.url });
    await other.getUpdates({ timeout: 1 }).catch(() => undefined);
    await expect
      .poll(() => chat.session.health())
      .toMatchObject({
        state: "degraded",
        detail: expect.stringMatching(/another program polls.*409/u),
        remedy: expect.stringMatching(/token of its own/u),
      });
    await chat.platform.person("ann").say("still there?");
    await expect.poll(() => texts(chat)).toEqual(["still there?"]);
    await expect.poll(() => chat.session.health().state).toBe("live");
  });

  it("removes a webhook that somebody set, and says so", async () => {
    const chat = await open();
    await new Api(chat.platform.token, { apiRoot: chat.platform.url }).setWebhook("https://elsewhere.example/hook");
    await expect
      .poll(() => chat.session.health())
      .toMatchObject({ state: "degraded", detail: expect.stringMatching(/webhook.*409/u) });
    await chat.platform.person("ann").say("hello?");
    await expect.poll(() => texts(chat)).toEqual(["hello?"]);
    expect(chat.platform.webhookUrl()).toBe("");
  });

  it("notices a connection that died without a word, and replaces it", async () => {
    const chat = await open();
    chat.platform.freezePolls(true);
    await expect.poll(() => chat.session.health().state).toBe("down");
    chat.platform.freezePolls(false);
    await chat.platform.person("ann").say("are you there?");
    await expect.poll(() => texts(chat)).toEqual(["are you there?"]);
    expect(chat.session.health().state).toBe("live");
  });

  it("comes back from an outage by itself, and gets what was said meanwhile", async () => {
    const chat = await open();
    await chat.platform.faults.goDown();
    await chat.platform.person("ann").say("during the outage");
    await expect
      .poll(() => chat.session.health())
      .toMatchObject({ state: "down", detail: expect.stringMatching(/cannot be reached/u) });
    await chat.platform.faults.comeBack();
    await expect.poll(() => texts(chat)).toEqual(["during the outage"]);
  });

  it("polls once per account, however often the connection was cut", async () => {
    const chat = await open();
    for (let cuts = 0; cuts < 3; cuts += 1) {
      await chat.platform.faults.cutConnections();
      await chat.platform.person("ann").say(`message ${cuts}`);
      await expect.poll(() => texts(chat).length).toBe(cuts + 1);
    }
    expect(chat.session.health().detail).not.toContain("409");
    await chat.session.close();
    const before = chat.platform.calls().length;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(chat.platform.calls().length).toBe(before);
  });

  it("confirms what it took in when it closes, so that its successor starts behind it", async () => {
    const chat = await open();
    await chat.platform.person("ann").say("first");
    await chat.heard("message");
    await chat.session.close();
    const next = await chat.connect();
    await chat.platform.person("ann").say("second");
    await expect.poll(() => texts(chat)).toEqual(["first", "second"]);
    await next.close();
  });
});

describe("by webhook", () => {
  const webhook = { webhook: { url: "unused" } };

  it("takes only what Telegram sent, and answers success only when it is durable", async () => {
    const chat = await open(webhook);
    const [route] = chat.session.routes ?? [];
    const post = async (secret: string): Promise<number | undefined> =>
      (
        await route?.handle({
          parameters: {},
          query: {},
          body: undefined,
          raw: new Request("http://x", {
            method: "POST",
            headers: { "x-telegram-bot-api-secret-token": secret },
            body: JSON.stringify({ update_id: 1 }),
          }),
          correlationId: "c",
          caller: { address: "127.0.0.1", mayNameUsers: false },
          signal: AbortSignal.timeout(1_000),
        })
      )?.status;
    expect([await post("wrong"), await post("")]).toEqual([401, 401]);
    expect(route?.path).toBe("/webhooks/telegram");

    chat.outage.down = true;
    await chat.platform.person("ann").say("kept");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(chat.events).toEqual([]);
    chat.outage.down = false;
    await expect.poll(() => texts(chat)).toEqual(["kept"]);
  });

  it("is shared by all processes, and stays set when one of them stops", async () => {
    const chat = await open(webhook);
    const bound = chat.platform.account.adapter.bind(chat.platform.account.settings);
    expect(bound.connection).toBe("gateway");
    const next = await chat.connect();
    await chat.session.close();
    expect(chat.platform.webhookUrl()).toContain("/webhooks/telegram");
    await chat.platform.person("ann").say("to the other one");
    await expect.poll(() => texts(chat)).toEqual(["to the other one"]);
    await next.close();
  });
});

describe("a pressed button", () => {
  it("is answered at once though nothing can be stored, and handed in later", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    await ann.say("transfer");
    const [id = ""] = await chat.reply((await chat.heard("message")).target, { text: "Sure?", choices });
    chat.outage.down = true;
    expect(await ann.press(id, "Confirm")).toMatchObject({ acknowledged: true });
    expect(ann.sees().at(-1)?.choices).toHaveLength(2);
    chat.outage.down = false;
    expect((await chat.heard("action")).event).toMatchObject({
      choiceId: "confirm:p1",
      messageId: id,
      user: { id: ann.id },
    });
    await expect.poll(() => ann.sees().at(-1)?.choices).toEqual([]);
  });

  it("goes away alone where it is no decision: the other suggestions stay", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    await ann.say("hello");
    const offered = ["Balance", "Payees"].map((label) => ({ id: label, label, value: label }));
    const [id = ""] = await chat.reply((await chat.heard("message")).target, { text: "Next?", choices: offered });
    await ann.press(id, "Balance");
    await expect
      .poll(() =>
        ann
          .sees()
          .at(-1)
          ?.choices.map(({ label }) => label),
      )
      .toEqual(["Payees"]);
    await ann.press(id, "Payees");
    await expect.poll(() => ann.sees().at(-1)?.choices).toEqual([]);
  });

  it("of a stranger in a group leaves the buttons to the person who was asked", async () => {
    const chat = await open();
    const [ann, ben] = [chat.platform.person("ann"), chat.platform.person("ben")];
    const group = await chat.platform.group("Friends", [ann, ben]);
    await ann.say("transfer", { chat: group.id, mentionBot: true });
    const [id = ""] = await chat.reply((await chat.heard("message")).target, { text: "Sure?", choices });
    await ben.press(id, "Confirm");
    expect((await chat.heard("action")).event.user.id).toBe(ben.id);
    await chat.platform.confirmed();
    expect(ann.sees(group.id).at(-1)?.choices).toHaveLength(2);
    await ann.press(id, "Confirm");
    await expect.poll(() => ann.sees(group.id).at(-1)?.choices).toEqual([]);
  });
});

describe("a poll", () => {
  it("is a question in which a vote is a choice, also after a restart", async () => {
    const chat = await open({ settings: { pollSeconds: 1, choices: "poll" } });
    const ann = chat.platform.person("ann");
    await ann.say("hello");
    const options = [
      { id: "everyday", label: "Everyday", value: "e" },
      { id: "savings", label: "Savings", value: "s" },
    ];
    const [id = ""] = await chat.reply((await chat.heard("message")).target, {
      text: "Which account?",
      choices: options,
    });
    expect(ann.sees().at(-1)).toMatchObject({ plain: "Which account?", choices: [{ kind: "poll" }, { kind: "poll" }] });
    await chat.session.close();
    await chat.connect();
    await ann.press(id, "Savings");
    expect((await chat.heard("action")).event).toMatchObject({
      choiceId: "savings",
      messageId: id,
      user: { id: ann.id },
    });
  });
});

describe("the menu of commands", () => {
  it("is set once, and not again while it is the same", async () => {
    const chat = await open();
    expect(chat.platform.menu()).toEqual(["help", "balance"]);
    await chat.session.close();
    await chat.connect();
    expect(chat.platform.calls().filter((call) => call === "setMyCommands")).toHaveLength(1);
    await chat.platform.person("ann").command("balance", "today");
    expect((await chat.heard("command")).event).toMatchObject({ name: "balance", text: "today" });
  });
});

describe("the token", () => {
  it("is named with its remedy when it is refused, at the start and later", async () => {
    const chat = await open();
    await chat.platform.faults.revoke();
    await expect
      .poll(() => chat.session.health())
      .toMatchObject({
        state: "down",
        detail: expect.stringMatching(/refuses the bot's token/u),
        remedy: expect.stringMatching(/BotFather/u),
      });
    await expect(chat.connect()).rejects.toMatchObject({
      code: "telegram/cannot-connect",
      retryable: true,
      message: expect.stringContaining("BotFather"),
    });
  });

  it("is in no log, no error and no health, whatever fails", async () => {
    const chat = await open();
    const { platform, session } = chat;
    const ann = platform.person("ann");
    await ann.say("see file", { files: [{ name: "a.txt", mediaType: "text/plain", bytes: Buffer.from("abc") }] });
    const { event, target } = await chat.heard("message");
    const failures: unknown[] = [];
    const collect = async (work: Promise<unknown> | undefined): Promise<void> =>
      void (await work?.catch((thrown: unknown) => failures.push(thrown)));
    platform.faults.next("send", { kind: "cut-after" });
    await collect(chat.reply(target, { text: "secret words" }));
    platform.faults.next("send", { kind: "server-error", status: 500 });
    await collect(chat.reply(target, { text: "secret words" }));
    await platform.faults.goDown();
    await collect(chat.reply(target, { text: "secret words" }));
    const [file] = "attachments" in event ? event.attachments : [];
    if (file !== undefined) await collect(session.fetchAttachment?.(file, AbortSignal.timeout(2_000)));
    await collect(chat.connect());
    await expect.poll(() => session.health().state).toBe("down");
    expect(failures).toHaveLength(5);
    const told = [chat.logged(), inspect(failures, { depth: 20 }), inspect(session.health())].join("\n");
    expect(told).not.toContain(platform.token.split(":")[1]);
    expect(told).not.toContain("secret words");
  });
});

describe("parley doctor", () => {
  it("tells whose token it is, what privacy mode means, and how updates come", async () => {
    const chat = await open();
    const probe = async () => await chat.platform.account.adapter.bind(chat.platform.account.settings).probe();
    expect(await probe()).toMatchObject([
      { name: "telegram token", status: "ok", detail: expect.stringMatching(/parley_local_bot/u) },
      { name: "telegram privacy mode", status: "ok", detail: expect.stringMatching(/setprivacy/u) },
      { name: "telegram updates", status: "ok", detail: expect.stringMatching(/polling/u) },
    ]);
    await chat.session.close();
    await new Api(chat.platform.token, { apiRoot: chat.platform.url }).setWebhook("https://elsewhere.example/hook?s=1");
    expect((await probe())[2]).toMatchObject({
      status: "warning",
      detail: expect.stringMatching(/elsewhere\.example;/u),
    });
    await chat.platform.faults.revoke();
    expect(await probe()).toMatchObject([{ status: "error", remedy: expect.stringMatching(/BotFather/u) }]);
  });
});
