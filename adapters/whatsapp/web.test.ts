import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AdapterSession, LoginPrompt, Normalized, Outgoing } from "../../core/adapter.ts";
import type { SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import { conversationId } from "../../core/conversation-id.ts";
import type { EventDraft } from "../../core/event.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { JsonObject } from "../../core/json.ts";
import type { Json } from "../../core/json.ts";
import type { Reply } from "../../core/reply.ts";
import { TransientSendError } from "../../core/send-errors.ts";
import type { CompletePerson, SeenMessage } from "../../core/testing/index.ts";
import { adapterConformance, quietContext, sampleReplies } from "../../core/testing/index.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { fixturesOf, identity } from "../../test/support/whatsapp-fixtures.ts";
import { whatsappWebAdapter } from "./index.ts";
import { openWhatsappLocally } from "./testing/index.ts";
import type { LocalWeb } from "./testing/index.ts";

/** Every start of a real Chromium takes seconds, more where the machine is busy. */
const SLOW = 120_000;
const PATIENCE = { timeout: 40_000, interval: 50 };

type Context = ConnectContext;

/** A connected account, with all that was handed in and shown. */
interface Line {
  readonly session: AdapterSession<SealedPayload>;
  readonly accepted: readonly Normalized[];
  readonly events: () => readonly EventDraft[];
  readonly prompts: readonly (LoginPrompt | undefined)[];
  readonly send: (
    reply: Reply,
    options?: { readonly chat?: string; readonly key?: string; readonly replyTo?: string },
  ) => Promise<string>;
  readonly outgoing: (
    reply: Reply,
    options?: { readonly chat?: string; readonly key?: string; readonly replyTo?: string },
  ) => Outgoing<SealedPayload>[];
}

/** What an account keeps from one process to the next. */
type Values = Map<string, Json>;

async function connect(
  platform: LocalWeb,
  values: Values = new Map(),
  watched: Partial<Context> = {},
  settings: object = {},
): Promise<Line> {
  const accepted: Normalized[] = [];
  const prompts: (LoginPrompt | undefined)[] = [];
  const bound = platform.account.adapter.bind({ ...Object(platform.account.settings), ...settings });
  const session = await bound.connect(
    quietContext("whatsapp", {
      accept: async (normalized) => {
        accepted.push(normalized);
        return undefined;
      },
      login: async (prompt) => {
        prompts.push(prompt);
      },
      values: {
        get: async (key) => values.get(key),
        set: async (key, value) => {
          values.set(key, value);
        },
      },
      ...watched,
    }),
  );
  let count = 0;
  const outgoing: Line["outgoing"] = (reply, { chat = ANN, key, replyTo } = {}) => {
    const { parts } = bound.render(reply, { capabilities: bound.manifest.capabilities, plain: false });
    return parts.map((payload, part) => ({
      conversation: conversationId({ platform: "whatsapp", account: "main", chat }),
      target: { chat, userId: ANN, ...(replyTo === undefined ? {} : { replyTo }) },
      payload,
      key: `${key ?? `event-${(count += 1)}`}.${part}`,
      eventId: "event",
      replyIndex: 0,
      replyCount: 1,
      part,
      partCount: parts.length,
      signal: new AbortController().signal,
    }));
  };
  return {
    session,
    accepted,
    events: () => accepted.flatMap((one) => ("event" in one ? [one.event] : [])),
    prompts,
    outgoing,
    send: async (reply, options) => {
      let last = "";
      for (const one of outgoing(reply, options)) last = (await session.send(one)).messageId;
      return last;
    },
  };
}

const ANN = "15551234567";
const sample = (name: keyof typeof sampleReplies): Reply => sampleReplies[name];
const last = (person: CompletePerson, chat?: string): SeenMessage =>
  person.sees(chat).at(-1) ?? expect.fail("nothing is to be seen");
const untilEvent = async (line: Line, matching: object): Promise<void> =>
  await expect.poll(() => line.events().at(-1), PATIENCE).toMatchObject(matching);

const unused = await openWhatsappLocally();
await unused.close();

describe("WhatsApp Web adapter", () => {
  const cases = adapterConformance({
    adapter: whatsappWebAdapter,
    settings: unused.account.settings,
    identity,
    fixtures: fixturesOf("web"),
    platform: async () => await openWhatsappLocally(),
    // The page is the platform's own client: it queues a message and sends it again under the same id.
    failures: [],
  });
  const named = cases.map((one) => [`${one.group}: ${one.name}`, one] as const);
  it.each(named)("%s", { timeout: SLOW }, async (_name, { run }) => await run());
});

describe("a conversation on WhatsApp Web", () => {
  const bytes = new TextEncoder().encode("%PDF-1.4 statement");
  const open: { platform?: LocalWeb; line?: Line } = {};
  const platform = (): LocalWeb => open.platform ?? expect.fail("not open");
  const line = (): Line => open.line ?? expect.fail("not connected");
  const ann = (): CompletePerson => platform().person(ANN, "Ann");

  beforeAll(async () => {
    open.platform = await openWhatsappLocally();
    open.platform.giveLid("15557654321");
    open.line = await connect(open.platform, new Map(), {
      openFile: async () =>
        (async function* () {
          yield bytes;
        })(),
    });
  }, SLOW);
  afterAll(async () => {
    await open.line?.session.close();
    await open.platform?.close();
  });

  it("hears messages, edits, deletes and reactions, each under the message's id", async () => {
    const messageId = await ann().say("hello");
    await untilEvent(line(), { type: "message", messageId, text: "hello", chat: { id: ANN }, user: { id: ANN } });
    await ann().edit(messageId, "hello there");
    await untilEvent(line(), { type: "edit", messageId, text: "hello there" });
    const answer = await line().send(sample("plain"));
    await ann().react(answer, "👍");
    await untilEvent(line(), { type: "reaction", messageId: answer, emoji: "👍", user: { id: ANN } });
    await ann().remove(messageId);
    await untilEvent(line(), { type: "delete", messageId });
  });

  it("confirms by a poll, whose vote carries the choice and the voter, and shows the code to type as well", async () => {
    const poll = await line().send(sample("proposal"));
    const [words, shown] = ann().sees().slice(-2);
    expect(words?.plain).toContain("To confirm, type K7M2QX");
    expect(shown?.choices.map(({ label, kind }) => [label, kind])).toEqual([
      ["Confirm", "poll"],
      ["Cancel", "poll"],
    ]);
    await ann().press(poll, "Cancel");
    await untilEvent(line(), {
      type: "action",
      choiceId: "cancel:p1",
      messageId: poll,
      user: { id: ANN },
    });
    await ann().say("K7M2QX");
    await untilEvent(line(), { type: "message", text: "K7M2QX", user: { id: ANN } });
  });

  it("in a group it is told of joining, of mentions and of quotes, and quotes what it answers", async () => {
    const group = await platform().group("Team", [ann(), platform().person("15550002222", "Bob")]);
    await untilEvent(line(), { type: "membership", change: "added", chat: { id: group.id, type: "group" } });
    const asked = await ann().say("what does a card cost?", { chat: group.id, mentionBot: true });
    await untilEvent(line(), {
      type: "message",
      text: "what does a card cost?",
      chat: { id: group.id, type: "group" },
      mentions: [{ isSelf: true }],
    });
    const answer = await line().send(sample("plain"), { chat: group.id, replyTo: asked });
    expect(last(ann(), group.id)).toMatchObject({ id: answer, replyTo: asked });
    await platform().person("15550002222").say("thanks", { chat: group.id, replyTo: answer });
    await untilEvent(line(), { user: { id: "15550002222" }, replyTo: { messageId: answer, isSelf: true } });
  });

  it("knows a person by the number, also where WhatsApp says a LID, and answers in that chat", async () => {
    const eve = platform().person("15557654321", "Eve");
    await eve.say("who am I?");
    await untilEvent(line(), { user: { id: "15557654321" }, chat: { id: "15557654321", type: "direct" } });
    await line().send(sample("plain"), { chat: "15557654321" });
    expect(last(eve).plain).toBe("Your card is on its way.");
  });

  it("tells what its owner writes on the telephone from what it wrote itself", async () => {
    await line().send(sample("plain"));
    platform().sayFromPhone(ann(), "I will take it from here");
    await untilEvent(line(), {
      type: "message",
      text: "I will take it from here",
      operator: true,
      chat: { id: ANN },
    });
    expect(
      line()
        .events()
        .filter(({ operator }) => operator === true),
    ).toHaveLength(1);
  });

  it("shows typing, edits, reacts and deletes", async () => {
    const target = { chat: ANN, userId: ANN };
    const asked = await ann().say("are you there?");
    await untilEvent(line(), { messageId: asked });
    await line().session.typing?.(target, true);
    await expect.poll(() => ann().seesTyping(), PATIENCE).toBe(true);
    const sent = await line().send(sample("plain"));
    expect(ann().seesTyping()).toBe(false);
    const [edited] = line().outgoing({ ...sample("plain"), text: "It **arrived**." });
    await line().session.edit?.(edited ?? expect.fail(), sent);
    await line().session.react?.(target, asked, "👀");
    await expect.poll(() => last(ann()).html, PATIENCE).toBe("It <strong>arrived</strong>.");
    await expect
      .poll(
        () =>
          ann()
            .sees()
            .find(({ id }) => id === asked)?.reactions,
        PATIENCE,
      )
      .toEqual(["👀"]);
    await line().session.remove?.(target, sent);
    await expect
      .poll(
        () =>
          ann()
            .sees()
            .some(({ id }) => id === sent),
        PATIENCE,
      )
      .toBe(false);
  });

  it("takes files in and sends files out", async () => {
    await ann().say("please read", { files: [{ name: "bill.pdf", mediaType: "application/pdf", bytes }] });
    await untilEvent(line(), {
      text: "please read",
      attachments: [{ kind: "document", name: "bill.pdf", mediaType: "application/pdf", sizeBytes: bytes.length }],
    });
    const event = line().events().at(-1);
    const attachment = event?.type === "message" ? event.attachments?.[0] : undefined;
    const { id = "", reference } = attachment ?? {};
    const fetched = await line().session.fetchAttachment?.(
      { id, kind: "document", reference: JsonObject.parse(reference) },
      new AbortController().signal,
    );
    const read: number[] = [];
    for await (const chunk of fetched ?? []) read.push(...chunk);
    expect(new Uint8Array(read)).toEqual(bytes);
    const file = { name: "statement.pdf", mediaType: "application/pdf", spoolKey: "k" };
    await line().send({ ...sample("plain"), text: "", files: [file] });
    expect(last(ann()).files).toMatchObject([{ name: "statement.pdf", mediaType: "application/pdf", bytes }]);
  });

  it("hands in nothing twice that WhatsApp tells again", async () => {
    expect(await platform().faults.redeliver()).toBeGreaterThan(0);
    await ann().say("after all that");
    await untilEvent(line(), { text: "after all that" });
    const keys = line()
      .events()
      .map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("a send that WhatsApp does not take is tried again as the same message", async () => {
    platform().faults.next("send", { kind: "markup-refused" });
    const [outgoing] = line().outgoing(sample("plain"), { key: "again" });
    if (outgoing === undefined) expect.fail("nothing was rendered");
    await expect(line().session.send(outgoing)).rejects.toBeInstanceOf(TransientSendError);
    expect(await line().session.reconcile?.(outgoing)).toBe("not-sent");
    const { messageId } = await line().session.send(outgoing);
    expect(last(ann()).id).toBe(messageId);
    expect(await line().session.reconcile?.(outgoing)).toEqual({ sent: messageId });
  });

  it("waits with WhatsApp where it is overloaded", async () => {
    platform().faults.next("send", { kind: "rate-limited", retryAfterMs: 500 }, 3);
    const messageId = await line().send(sample("plain"));
    expect(last(ann()).id).toBe(messageId);
  });

  it("a cut line loses nothing and doubles nothing, in either direction", async () => {
    const before = ann().sees().length;
    platform().faults.next("send", { kind: "cut-after" });
    await line().send(sample("plain"));
    await platform().faults.goDown();
    await ann().say("during the outage");
    await platform().faults.comeBack();
    await untilEvent(line(), { text: "during the outage" });
    expect(ann().sees()).toHaveLength(before + 2);
    await expect.poll(() => line().session.health().state, PATIENCE).toBe("live");
  });

  it("made no call that WhatsApp refuses", () => {
    expect(platform().refusedCalls()).toEqual([]);
  });
});

describe("the browser's process", () => {
  it("restarts, is killed and is unlinked, and the account goes on", { timeout: 2 * SLOW }, async () => {
    const platform = await openWhatsappLocally({ settings: { watchSeconds: 1 } });
    const values: Values = new Map();
    const ann = platform.person(ANN, "Ann");
    const first = await connect(platform, values);
    await ann.say("one");
    await untilEvent(first, { text: "one" });
    await first.session.close();

    // At rest there is one file, and it is not to be read.
    const { directory, profileDirectory } = settingsOf(platform);
    expect(readdirSync(profileDirectory)).toEqual([]);
    const sealed = readdirSync(directory).filter((name) => name.endsWith(".session"));
    expect(sealed).toHaveLength(1);
    expect(readFileSync(join(directory, sealed[0] ?? "")).includes("web.whatsapp.com")).toBe(false);

    // Back without a login, and what was said meanwhile is taken up, once.
    await ann.say("while it was away");
    const second = await connect(platform, values);
    await untilEvent(second, { text: "while it was away" });
    expect(second.prompts).toEqual([undefined]);

    // The browser dies: no login, nothing lost, and nothing else of this process is touched.
    process.kill(pidOf("--user-data-dir=", profileDirectory), "SIGKILL");
    await expect.poll(() => second.session.health().state, PATIENCE).not.toBe("live");
    await ann.say("after the crash");
    await expect.poll(() => second.session.health().state, PATIENCE).toBe("live");
    await untilEvent(second, { text: "after the crash" });
    expect(second.prompts.filter((prompt) => prompt !== undefined)).toEqual([]);

    // The telephone unlinks it: named, with what to do; linked again it goes on.
    platform.linkAtOnce(false);
    await platform.faults.revoke();
    await expect
      .poll(() => second.session.health(), PATIENCE)
      .toMatchObject({ state: "login-required", remedy: "Run: parley login" });
    await expect.poll(() => second.prompts.at(-1)?.kind, PATIENCE).toBe("qr");
    platform.link();
    await expect.poll(() => second.session.health().state, PATIENCE).toBe("live");
    await second.session.close();
    await platform.close();
  });

  it("is taken over by another machine, without a login", { timeout: 2 * SLOW }, async () => {
    const platform = await openWhatsappLocally();
    const [values, files] = [new Map<string, Json>(), directoryFiles(await temporaryFolder())];
    const ann = platform.person(ANN, "Ann");
    const first = await connect(platform, values, { files });
    await ann.say("one");
    await untilEvent(first, { text: "one" });
    await first.session.close();
    const { directory, profileDirectory } = settingsOf(platform);
    expect(readdirSync(directory).filter((name) => name.endsWith(".session"))).toEqual([]);

    const elsewhere = { directory: `${directory}-elsewhere`, profileDirectory: `${profileDirectory}-elsewhere` };
    const second = await connect(platform, values, { files }, elsewhere);
    await ann.say("two");
    await untilEvent(second, { text: "two" });
    expect(second.prompts).toEqual([undefined]);
    await second.session.close();
    await platform.close();
  });

  it("links by a pairing code where a number is configured", { timeout: SLOW }, async () => {
    const platform = await openWhatsappLocally({ settings: { pairPhone: "15550001111" } });
    platform.linkAtOnce(false);
    const line = await connect(platform);
    expect(line.prompts).toMatchObject([{ kind: "pairing-code", value: "ABCD1234" }]);
    expect(line.session.health()).toMatchObject({ state: "login-required" });
    platform.link();
    await expect.poll(() => line.session.health().state, PATIENCE).toBe("live");
    await line.session.close();
    await platform.close();
  });

  it("says what to do where the pinned version is not at hand", { timeout: SLOW }, async () => {
    const platform = await openWhatsappLocally({ settings: { webVersion: "2.3000.1" } });
    await expect(connect(platform)).rejects.toMatchObject({ code: "whatsapp/browser-failed" });
    await platform.close();
  });
});

function settingsOf({ account }: LocalWeb): { readonly directory: string; readonly profileDirectory: string } {
  const { directory, profileDirectory } = Object(account.settings);
  return { directory: String(directory), profileDirectory: String(profileDirectory) };
}

/** The process with such an argument: the browser itself, not one of its helpers. */
function pidOf(argument: string, value: string): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
    const words = commandOf(pid).split("\0");
    const isHelper = words.some((word) => word.startsWith("--type="));
    if (!isHelper && words.some((word) => word.startsWith(argument) && word.includes(value))) return Number(pid);
  }
  return expect.fail(`no process with ${argument}`);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It ended meanwhile.
    return "";
  }
}
