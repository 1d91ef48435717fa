import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { accountId } from "../../../core/conversation-id.ts";
import type { EventDraft } from "../../../core/event.ts";
import { JsonObject } from "../../../core/json.ts";
import type { CompletePerson, SayOptions } from "../../../core/testing/index.ts";
import { sampleReplies } from "../../../core/testing/index.ts";
import { openSqliteStore } from "../../../test/support/sqlite-store.ts";
import type { CloudLine } from "../../../test/support/whatsapp-cloud.ts";
import { openCloudLine, outgoing } from "../../../test/support/whatsapp-cloud.ts";

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function connect(...options: Parameters<typeof openCloudLine>): Promise<CloudLine> {
  const line = await openCloudLine(...options);
  opened.push(line.close);
  return line;
}

const plain = sampleReplies.plain;
const ann = { profile: { name: "Ann" }, user_id: "US.134" };
const at = { timestamp: "1749416383" };
const says = (fields: object, body = "hello"): object => ({
  id: crypto.randomUUID(),
  ...at,
  type: "text",
  text: { body },
  ...fields,
});

/** Says something, and waits until the bot has heard it. */
async function talk(line: CloudLine, who: CompletePerson, text: string, options?: SayOptions): Promise<string> {
  const before = line.events().length;
  const id = await who.say(text, options);
  await expect.poll(() => line.events().length).toBe(before + 1);
  return id;
}

/** What the bot makes of one message of Ann's. */
async function heard(fields: object, contacts: unknown = [ann]): Promise<EventDraft> {
  const line = await connect();
  await line.platform.tell({ contacts, messages: [says({ from_user_id: "US.134", ...fields })] });
  return line.events()[0] ?? expect.fail(JSON.stringify(line.accepted));
}

const ignoredBy = ({ accepted }: CloudLine): readonly string[] =>
  accepted.flatMap((one) => ("ignored" in one ? [one.ignored] : []));
const textOf = (event: EventDraft | undefined): string | undefined =>
  event !== undefined && "text" in event ? event.text : undefined;

describe("platforms A: people with a user id alone", () => {
  it("write, are named, and are answered by it", async () => {
    const line = await connect();
    const person = line.platform.person("US.134", "Ann");
    await talk(line, person, "hello");
    const [event] = line.events();
    expect(event).toMatchObject({ type: "message", text: "hello", user: { id: "US.134", name: "Ann" } });
    await line.send(plain, { target: { chat: event?.chat.id ?? "", userId: "US.134" } });
    expect(person.sees().at(-1)?.plain).toBe("Your card is on its way.");
    expect(line.platform.refusedCalls()).toEqual([]);
  });

  it("press buttons, react, change and take back messages", async () => {
    const line = await connect();
    const person = line.platform.person("US.134", "Ann");
    const said = await talk(line, person, "hello");
    await line.send(sampleReplies.proposal, { target: { chat: "US.134", userId: "US.134" } });
    const shown = person.sees().at(-1) ?? expect.fail("nothing shown");
    await person.press(shown.id, "Confirm");
    await person.react(shown.id, "👍");
    await person.edit(said, "goodbye");
    await person.remove(said);
    await expect.poll(() => line.events().length).toBe(5);
    expect(line.events().map(({ type, user }) => [type, user.id])).toEqual(
      ["message", "action", "reaction", "edit", "delete"].map((type) => [type, "US.134"]),
    );
    expect(line.events()[3]).toMatchObject({ messageId: said, text: "goodbye" });
    expect(line.events()[4]).toMatchObject({ messageId: said });
  });

  it("the status of a message to a user id tells that it arrived", async () => {
    const line = await connect();
    const person = line.platform.person("US.134", "Ann");
    await talk(line, person, "hello");
    line.platform.faults.next("send", { kind: "cut-after" });
    const target = { chat: "US.134", userId: "US.134" };
    await expect(line.send(plain, { key: "doubtful", target })).rejects.toMatchObject({ code: "send/ambiguous" });
    const payload = line.render(plain)[0] ?? expect.fail("nothing was rendered");
    const found = await line.session.reconcile?.(outgoing(payload, "doubtful", { target }));
    expect(found).toEqual({ sent: person.sees().at(-1)?.id });
  });

  it.each([
    ["the user id stands in the contact alone", { from_user_id: undefined }, [ann]],
    ["the contact has no profile", {}, [{ ...ann, profile: null }]],
    ["the contact has no name", {}, [{ ...ann, profile: { name: null } }]],
    ["the contacts are missing", {}, null],
    ["the contact's name is a number", {}, [{ ...ann, profile: { name: 7 } }]],
  ])("are heard where %s", async (_name, fields, contacts) => {
    expect(await heard(fields, contacts)).toMatchObject({ text: "hello", user: { id: "US.134" } });
  });
});

describe("platforms A: one person, one conversation", () => {
  it("whether number, user id or both are told", async () => {
    const line = await connect();
    for (const names of [{ phone: "15551234567", userId: "US.134" }, { userId: "US.134" }, { phone: "15551234567" }]) {
      line.platform.callPerson("15551234567", names);
      await talk(line, line.ann, "hello");
    }
    expect(line.events().map(({ user, chat }) => [user.id, chat.keptAs ?? chat.id])).toEqual(
      Array.from({ length: 3 }, () => ["15551234567", "15551234567"]),
    );
    // The answer goes to the address that was written from.
    expect(line.events()[1]?.chat.id).toBe("US.134");
  });

  it("and where the contact says the user id beside the number", async () => {
    const line = await connect();
    const both = { profile: { name: "Ann" }, wa_id: "15551234567", user_id: "US.134" };
    await line.platform.tell({ contacts: [both], messages: [says({ from: "15551234567" })] });
    await line.platform.tell({ contacts: [ann], messages: [says({ from_user_id: "US.134" })] });
    expect(new Set(line.events().map(({ user }) => user.id)).size).toBe(1);
  });
});

describe("platforms A: what cannot be read costs itself alone, and is said by name", () => {
  it("of two people in one change both are heard, each under the own name", async () => {
    const line = await connect();
    const ben = { profile: { name: "Ben" }, wa_id: "15557654321" };
    await line.platform.tell({
      contacts: [ann, ben, { profile: { name: "Nobody" } }, null],
      messages: [says({ from_user_id: "US.134" }, "one"), says({ from: "15557654321" }, "two"), 7],
    });
    expect(line.events().map((event) => [event.user.name, textOf(event)])).toEqual([
      ["Ann", "one"],
      ["Ben", "two"],
    ]);
    expect(ignoredBy(line)).toEqual([expect.stringContaining("not a message of the Cloud API")]);
  });

  it.each([
    ["no sender at all", says({}), [], "names no sender"],
    ["no id", says({ id: undefined, from: "15551234567" }), [ann], "message.id"],
    ["a group that cannot be read", says({ from: "15551234567", group_id: { a: 1 } }), [ann], "message.group_id"],
  ])("%s", async (_name, message, contacts, reason) => {
    const line = await connect();
    await line.platform.tell({ contacts, messages: [message, says({ from: "15551234567" }, "next")] });
    expect(ignoredBy(line)).toEqual([expect.stringContaining(reason)]);
    expect(line.events().map(textOf)).toEqual(["next"]);
  });

  it("a status that cannot be read does not hold up the messages", async () => {
    const line = await connect();
    await line.platform.tell({
      contacts: [ann],
      statuses: [null, { id: 7 }],
      messages: [says({ from_user_id: "US.134" })],
    });
    expect(line.events()).toHaveLength(1);
  });
});

describe("platforms A: groups", () => {
  it("are conversations of their own, in which the bot is asked by its number", async () => {
    const line = await connect();
    const ben = line.platform.person("US.999", "Ben");
    const group = await line.platform.group("Trip", [line.ann, ben]);
    await talk(line, line.ann, "what does a card cost?", { chat: group.id, mentionBot: true });
    await talk(line, ben, "hello", { chat: group.id });
    expect(line.events()).toMatchObject([
      {
        chat: { id: group.id, type: "group" },
        text: "what does a card cost?",
        mentions: [{ isSelf: true }],
        user: { id: "15551234567" },
      },
      { chat: { id: group.id, type: "group" }, user: { id: "US.999" } },
    ]);
    expect(line.events()[1]).not.toHaveProperty("mentions");
    await line.send(plain, { target: { chat: group.id, userId: "15551234567" } });
    expect(line.ann.sees(group.id).at(-1)?.plain).toBe("Your card is on its way.");
    expect(line.ann.sees()).toEqual([]);
  });

  it("that take no message any more: the person who asked is told alone", async () => {
    const line = await connect();
    const group = await line.platform.group("Trip", [line.ann]);
    await talk(line, line.ann, "what does a card cost?", { chat: group.id, mentionBot: true });
    const reference = JsonObject.parse(line.events()[0]?.reference);
    const target = { chat: "no-such-group", userId: "15551234567", reference };
    await expect(line.send(plain, { target })).rejects.toMatchObject({
      code: "send/place-gone",
      elsewhere: { audience: "requester", target: { chat: "15551234567" } },
    });
  });

  it("have no buttons: the same is asked in numbered words", async () => {
    const line = await connect();
    const group = await line.platform.group("Trip", [line.ann]);
    await talk(line, line.ann, "send 50", { chat: group.id, mentionBot: true });
    const target = { chat: group.id, userId: "15551234567" };
    const proposal = sampleReplies.proposal;
    await expect(line.send(proposal, { target })).rejects.toMatchObject({ code: "send/markup-refused" });
    expect(line.platform.refusedCalls()).toEqual([]);
  });
});

describe("platforms A: a number with another owner", () => {
  /** An account whose people and values are kept in a real store, with Ann linked to somebody of another platform. */
  async function linked() {
    const folder = mkdtempSync(join(tmpdir(), "parley-cloud-"));
    const store = await openSqliteStore(folder);
    const account = accountId("whatsapp", "main");
    const line = await connect({
      unlink: async (userId) => await store.people.unlink(account, userId),
      values: {
        get: async (key) => await store.values.get("whatsapp", key),
        set: async (key, value) => await store.values.set("whatsapp", key, value),
      },
    });
    opened.push(async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const person = await store.people.personOf(accountId("web", "main"), "customer-1");
    await store.people.createCode(person, "AAAABBBB", "2999-01-01T00:00:00Z");
    await talk(line, line.ann, "hello");
    const code = { code: "AAAABBBB", now: "2026-01-01T00:00:00Z" };
    expect(await store.people.redeem(account, "15551234567", code)).toBe("linked");
    const personNow = async (): Promise<string> =>
      await store.people.personOf(account, line.events().at(-1)?.user.id ?? "nobody");
    return { line, person, personNow, identities: async () => await store.people.identities(person) };
  }

  it.each([
    ["changed", { from: "15551234567" }, { type: "user_changed_number", wa_id: "15550000099" }],
    [
      "changed, by the older name",
      { from: "15551234567" },
      { type: "customer_changed_number", new_wa_id: "15550000099" },
    ],
    [
      "changed, with user ids",
      { from: "15551234567", from_user_id: "US.2" },
      { type: "user_changed_number", previous_user_id: "US.134", user_id: "US.2" },
    ],
    ["is perhaps another's", { from: "15551234567" }, { type: "user_identity_changed" }],
  ])("%s: the link is taken back before anybody writes from it", async (_name, who, system) => {
    const { line, person, personNow, identities } = await linked();
    expect(await personNow()).toBe(person);
    await line.platform.tell({ messages: [{ id: "wamid.news", ...at, type: "system", ...who, system }] });
    expect(ignoredBy(line)).toEqual([expect.stringContaining(system.type)]);
    expect(await identities()).toEqual([{ account: "web:main", userId: "customer-1" }]);
    await talk(line, line.ann, "balance");
    expect(await personNow()).not.toBe(person);
    expect(line.events().at(-1)?.chat).toMatchObject({ id: "15551234567", keptAs: "15551234567~2" });
  });

  it("the new number has to prove itself", async () => {
    const { line, person, personNow } = await linked();
    const system = { type: "user_changed_number", wa_id: "15550000099" };
    await line.platform.tell({ messages: [{ id: "wamid.news", ...at, type: "system", from: "15551234567", system }] });
    await talk(line, line.platform.person("15550000099", "Ann"), "balance");
    expect(await personNow()).not.toBe(person);
  });

  it("is noticed by its user id where Meta says nothing", async () => {
    const { line, person, personNow } = await linked();
    line.platform.callPerson("15551234567", { phone: "15551234567", userId: "US.134" });
    await talk(line, line.ann, "balance");
    expect(await personNow()).toBe(person);
    line.platform.callPerson("15551234567", { phone: "15551234567", userId: "US.999" });
    await talk(line, line.ann, "balance");
    expect(await personNow()).not.toBe(person);
  });

  it("news that cannot be kept is asked for again", async () => {
    const line = await connect({ unlink: async () => await Promise.reject(new Error("the database is away")) });
    const system = { type: "user_changed_number", wa_id: "15550000099" };
    const told = line.platform.tell({ messages: [{ id: "wamid.news", ...at, type: "system", from: "1555", system }] });
    expect(await told).toBe(false);
    expect(line.accepted).toEqual([]);
  });
});

describe("platforms A: kinds of messages", () => {
  const order = {
    text: "for Friday",
    product_items: [{ product_retailer_id: "SKU-1", quantity: 2, item_price: 5, currency: "EUR" }, null],
  };
  const form = { nfm_reply: { name: "flow", body: "Sent", response_json: '{"flow_token":"x","income":"3000"}' } };
  it.each([
    ["a filled form", { type: "interactive", interactive: { type: "nfm_reply", ...form } }, "income: 3000"],
    ["a form without answers", { type: "interactive", interactive: { nfm_reply: { body: "Sent" } } }, "Sent"],
    ["an order", { type: "order", order }, "for Friday\n- 2 × SKU-1 (5 EUR)"],
    ["words after an advertisement", { type: "text", text: { body: "hi" }, referral: { headline: "Cards" } }, "hi"],
    ["a template's quick reply", { type: "button", button: { text: "Yes", payload: "p" } }, "Yes"],
  ])("%s has its words", async (_name, fields, text) => {
    expect(textOf(await heard({ text: undefined, ...fields }))).toBe(text);
  });

  it.each([
    ["unsupported", { type: "unsupported", errors: [{ code: 131_051 }] }],
    ["order", { type: "order", order: { product_items: null } }],
    ["interactive", { type: "interactive", interactive: { type: "new_kind" } }],
    ["hologram", { type: "hologram" }],
  ])("what cannot be read (%s) is handed in by its name, for a word to the person", async (kind, fields) => {
    expect(await heard({ text: undefined, ...fields })).toMatchObject({ type: "message", unreadable: kind });
  });

  it("an advertisement is what the words refer to, not words of the person", async () => {
    const referral = { headline: "Cards", body: "Free for a year", source_url: "https://fb.me/1", source_id: 7 };
    expect(await heard({ referral })).toMatchObject({
      text: "hello",
      replyTo: { text: "Cards\nFree for a year\nhttps://fb.me/1", isExternal: true },
    });
  });

  it.each([{ forwarded: true }, { frequently_forwarded: true }])(
    "what was handed on (%o) is nobody's order",
    async (context) => {
      expect(await heard({ context })).toMatchObject({ text: "", forwarded: [{ text: "hello" }] });
    },
  );

  it("a command that answers a message says which", async () => {
    expect(await heard({ text: { body: "/summary" }, context: { id: "wamid.1", from: "15550009999" } })).toMatchObject({
      type: "command",
      replyTo: { messageId: "wamid.1", isSelf: true },
    });
  });

  it("a first opening of the chat is the start", async () => {
    expect(await heard({ type: "request_welcome", text: undefined })).toMatchObject({ type: "command", name: "start" });
  });
});

describe("platforms D: several contacts in one message", () => {
  it("are all read", async () => {
    const card = (name: string, phone: string): object => ({ name: { formatted_name: name }, phones: [{ phone }] });
    const contacts = [card("Ben", "+1 555 1"), card("Cleo", "+1 555 2"), { phones: null }];
    const event = await heard({ type: "contacts", text: undefined, contacts });
    expect(textOf(event)?.trim()).toBe("Ben +1 555 1\nCleo +1 555 2");
    expect(event).toMatchObject({ attachments: [{ name: "Ben" }, { name: "Cleo" }, { kind: "contact" }] });
  });
});

describe("platforms G: one odd field costs itself", () => {
  it.each([
    ["a number as time", { timestamp: 1749416383 }],
    ["no time", { timestamp: null }],
    ["an odd context", { context: "x" }],
    ["null where nothing is", { context: null, image: null, referral: null, group_id: null }],
    ["a number as sender", { from: 15_551_234_567 }],
  ])("%s", async (_name, fields) => {
    const event = await heard(fields);
    expect(event).toMatchObject({ text: "hello" });
    expect(Date.parse(event.timestamp)).toBeGreaterThan(Date.parse("2025-01-01"));
  });

  it.each([
    ["coordinates in quotes", { latitude: "52.5", longitude: "13.4" }],
    ["an odd name", { latitude: 52.5, longitude: 13.4, name: 7 }],
  ])("a place with %s", async (_name, location) => {
    expect(textOf(await heard({ type: "location", text: undefined, location }))).toContain("q=52.5,13.4");
  });

  it("a file without a readable name", async () => {
    const document = { id: "m1", filename: null, mime_type: null, caption: "my bill" };
    expect(await heard({ type: "document", text: undefined, document })).toMatchObject({
      text: "my bill",
      attachments: [{ id: "m1", kind: "document" }],
    });
  });
});

describe("platforms H: a file that WhatsApp refuses", () => {
  const files = [{ name: "statement.csv", mediaType: "text/csv", spoolKey: "k" }];
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("a,b");
  };
  const openFile = async (): Promise<AsyncIterable<Uint8Array>> => bytes();

  it("at the upload: the delivery sends the words without it", async () => {
    const line = await connect({ openFile });
    await talk(line, line.ann, "export my transactions");
    line.platform.faults.next("any", { kind: "markup-refused" });
    await expect(line.send({ ...plain, files })).rejects.toMatchObject({ code: "send/file-refused" });
  });

  it("with the message that shows it", async () => {
    const line = await connect({ openFile });
    await talk(line, line.ann, "export my transactions");
    line.platform.faults.next("send", { kind: "markup-refused" });
    await expect(line.send({ ...plain, files })).rejects.toMatchObject({ code: "send/file-refused" });
  });

  it("whose bytes are gone", async () => {
    const line = await connect();
    await talk(line, line.ann, "export my transactions");
    await expect(line.send({ ...plain, files })).rejects.toMatchObject({ code: "send/file-refused" });
  });

  it("after it took the message: the words follow", async () => {
    const line = await connect({ openFile });
    await talk(line, line.ann, "export my transactions");
    const id = await line.send({ ...plain, files });
    const failed = { id, status: "failed", recipient_id: "15551234567", errors: [{ code: 131_053 }] };
    await line.platform.tell({ statuses: [failed] });
    await expect.poll(() => line.ann.sees().at(-1)).toMatchObject({ plain: "Your card is on its way.", files: [] });
  });
});
