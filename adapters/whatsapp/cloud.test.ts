import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { ParleyError } from "../../core/errors.ts";
import type { HttpRequest } from "../../core/http.ts";
import { JsonObject } from "../../core/json.ts";
import type { Reply } from "../../core/reply.ts";
import {
  AmbiguousSendError,
  MarkupRefusedError,
  RateLimitedError,
  TransientSendError,
} from "../../core/send-errors.ts";
import type { CompletePerson, SeenMessage } from "../../core/testing/index.ts";
import { adapterConformance, quietContext, sampleReplies } from "../../core/testing/index.ts";
import type { CloudLine as Line } from "../../test/support/whatsapp-cloud.ts";
import { openCloudLine, outgoing } from "../../test/support/whatsapp-cloud.ts";
import { fixturesOf } from "../../test/support/whatsapp-fixtures.ts";

import { whatsappCloudAdapter } from "./index.ts";
import { openWhatsappCloudLocally } from "./testing/index.ts";

const fixtures = fixturesOf("cloud");

const open: { line?: Line } = {};
afterEach(async () => {
  await open.line?.close();
  delete open.line;
});

async function connect(...options: Parameters<typeof openCloudLine>): Promise<Line> {
  open.line = await openCloudLine(...options);
  return open.line;
}

const sample = (name: keyof typeof sampleReplies): Reply => sampleReplies[name];
const last = (person: CompletePerson): SeenMessage => person.sees().at(-1) ?? expect.fail("nothing is to be seen");

const unused = await openWhatsappCloudLocally();
await unused.close();

describe("WhatsApp Cloud API adapter", () => {
  const cases = adapterConformance({
    adapter: whatsappCloudAdapter,
    settings: unused.account.settings,
    fixtures,
    platform: openWhatsappCloudLocally,
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});

describe("webhook", () => {
  const post = async ({ session }: Line, body: string, signature?: string): Promise<number> => {
    const route = session.routes?.find(({ method }) => method === "POST") ?? expect.fail("no webhook");
    const sign = `sha256=${createHmac("sha256", "local-app-secret").update(body).digest("hex")}`;
    const raw = new Request(`http://x${route.path}`, {
      method: "POST",
      body,
      headers: { "x-hub-signature-256": signature ?? sign },
    });
    const request: HttpRequest = {
      parameters: {},
      query: {},
      body: undefined,
      raw,
      correlationId: "c",
      caller: { address: "127.0.0.1", mayNameUsers: false },
      signal: new AbortController().signal,
    };
    try {
      return (await route.handle(request)).status;
    } catch (thrown) {
      return thrown instanceof ParleyError ? thrown.status : 500;
    }
  };
  const text = (id: string): object => ({ from: "1555", id, timestamp: "1", type: "text", text: { body: id } });
  const body = (...messages: readonly object[]): string =>
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: [
        {
          id: "b",
          changes: [
            { field: "messages", value: { metadata: { phone_number_id: "106540352242922" }, messages } },
            { field: "account_update", value: {} },
          ],
        },
      ],
    });

  it("hands in every message of a notification, in order", async () => {
    const line = await connect();
    expect(await post(line, body(text("one"), text("two"), text("three")))).toBe(200);
    expect(line.events().map(({ key }) => key)).toEqual(["message:one", "message:two", "message:three"]);
  });

  it("refuses what Meta did not sign, missing, wrong or for other bytes", async () => {
    const line = await connect();
    expect(await post(line, body(text("one")), "")).toBe(401);
    expect(await post(line, body(text("one")), `sha256=${"0".repeat(64)}`)).toBe(401);
    const signature = `sha256=${createHmac("sha256", "local-app-secret").update("{}").digest("hex")}`;
    expect(await post(line, body(text("one")), signature)).toBe(401);
    expect(line.accepted).toEqual([]);
  });

  it("is not acknowledged before the message is durable, so Meta sends it again and nothing is lost", async () => {
    const line = await connect();
    line.refuse(new ParleyError("broker/unavailable", "down", { retryable: true, status: 503 }));
    expect(await post(line, body(text("one")))).toBe(503);
    line.refuse(undefined);
    expect(await post(line, body(text("one")))).toBe(200);
    expect(line.events()).toHaveLength(1);
  });

  it("does not hold up other messages for one that can never be accepted", async () => {
    const line = await connect();
    line.refuse(new ParleyError("event/invalid", "it does not fit"));
    expect(await post(line, body(text("one")))).toBe(200);
  });

  it("gives a repeated message the same key", async () => {
    const line = await connect();
    await line.ann.say("hello");
    await expect.poll(() => line.events().length).toBe(1);
    expect(await line.platform.faults.redeliver()).toBe(1);
    expect(new Set(line.events().map(({ key }) => key)).size).toBe(1);
  });
});

describe("conversation", () => {
  it("confirms by a button that carries its choice and its presser", async () => {
    const line = await connect();
    await line.ann.say("send 50");
    await line.send(sample("proposal"));
    const shown = last(line.ann);
    expect(shown.choices).toEqual([
      { label: "Confirm", kind: "button" },
      { label: "Cancel", kind: "button" },
    ]);
    expect(await line.ann.press(shown.id, "Confirm")).toMatchObject({ acknowledged: true });
    expect(line.events().at(-1)).toMatchObject({
      type: "action",
      choiceId: "confirm:p1",
      messageId: shown.id,
      user: { id: "15551234567", name: "Ann" },
    });
  });

  it("shows typing with the message that is answered, and reacts", async () => {
    const line = await connect();
    const messageId = await line.ann.say("hello");
    await line.session.typing?.({ chat: "15551234567", userId: "15551234567", replyTo: messageId }, true);
    expect(line.ann.seesTyping()).toBe(true);
    await line.session.react?.({ chat: "15551234567", userId: "15551234567" }, messageId, "👍");
    expect(last(line.ann).reactions).toEqual(["👍"]);
  });

  it("takes files in and sends files out", async () => {
    const bytes = new TextEncoder().encode("%PDF-1.4 statement");
    const line = await connect({
      openFile: async () =>
        (async function* () {
          yield bytes;
        })(),
    });
    const files = [{ name: "bill.pdf", mediaType: "application/pdf", bytes }];
    await line.ann.say("please read", { files });
    await expect.poll(() => line.events().length).toBe(1);
    const event = line.events()[0];
    const attachment = event?.type === "message" ? event.attachments?.[0] : undefined;
    expect(attachment).toMatchObject({ kind: "document", name: "bill.pdf", mediaType: "application/pdf" });
    const { id = "", reference } = attachment ?? {};
    const fetched = await line.session.fetchAttachment?.(
      { id, kind: "document", reference: JsonObject.parse(reference) },
      new AbortController().signal,
    );
    const read: number[] = [];
    for await (const chunk of fetched ?? []) read.push(...chunk);
    expect(new Uint8Array(read)).toEqual(bytes);

    const reply = {
      ...sample("plain"),
      text: "",
      files: [{ name: "s.pdf", mediaType: "application/pdf", spoolKey: "k" }],
    };
    await line.send(reply);
    expect(last(line.ann).files).toMatchObject([{ name: "s.pdf", mediaType: "application/pdf", bytes }]);
  });
});

describe("the 24-hour window", () => {
  const template = { name: "news_for_you" };
  const day = 25 * 60 * 60_000;

  it("a late reply is sent as the template, when the adapter knows that it is late", async () => {
    let now = Date.now();
    const line = await connect(
      { environment: { clock: () => now, newId: () => "id", random: Math.random } },
      { template },
    );
    await line.ann.say("hello");
    await expect.poll(() => line.events().length).toBe(1);
    now += day;
    line.platform.passTime(day);
    await line.send({ ...sample("plain"), text: "Your card\n\nis **ready**." });
    expect(last(line.ann).plain).toBe("News for you: Your card is ready.");
  });

  it("and when WhatsApp only says so after it took the message", async () => {
    const line = await connect({}, { template });
    await line.ann.say("hello");
    line.platform.passTime(day);
    await line.send(sample("plain"));
    await expect.poll(() => last(line.ann).plain).toBe("News for you: Your card is on its way.");
  });
});

describe("failures", () => {
  it.each([
    ["a rate limit", { kind: "rate-limited", retryAfterMs: 3_000 }, RateLimitedError],
    ["a server error", { kind: "server-error", status: 500 }, TransientSendError],
    ["a cut before or after the send: it cannot know", { kind: "cut-after" }, AmbiguousSendError],
    ["content refused as it was written: plain words may pass", { kind: "markup-refused" }, MarkupRefusedError],
  ] as const)("%s is told as what it is", async (_name, fault, expected) => {
    const line = await connect();
    await line.ann.say("hello");
    line.platform.faults.next("send", fault);
    await expect(line.send(sample("plain"))).rejects.toBeInstanceOf(expected);
  });

  it("a server that is away is certainly not sent to", async () => {
    const line = await connect();
    await line.ann.say("hello");
    await line.platform.faults.goDown();
    await expect(line.send(sample("plain"))).rejects.toBeInstanceOf(TransientSendError);
    await line.platform.faults.comeBack();
    await line.send(sample("plain"));
    expect(last(line.ann).plain).toBe("Your card is on its way.");
  });

  it("a send in doubt is found again by the status that carries its key", async () => {
    const line = await connect();
    await line.ann.say("hello");
    line.platform.faults.next("send", { kind: "cut-after" });
    await expect(line.send(sample("plain"), { key: "doubtful" })).rejects.toBeInstanceOf(AmbiguousSendError);
    const [payload] = line.render(sample("plain"));
    if (payload === undefined) expect.fail("nothing was rendered");
    const found = await line.session.reconcile?.(outgoing(payload, "doubtful", {}));
    expect(found).toEqual({ sent: last(line.ann).id });
  });

  it("a revoked token is named in health, and the next start refuses with the remedy", async () => {
    const line = await connect();
    await line.ann.say("hello");
    await line.platform.faults.revoke();
    await expect(line.send(sample("plain"))).rejects.toBeInstanceOf(TransientSendError);
    expect(line.session.health()).toMatchObject({ state: "degraded", detail: "the access token is refused" });
    const bound = line.platform.account.adapter.bind(line.platform.account.settings);
    await expect(bound.connect(quietContext("whatsapp"))).rejects.toMatchObject({ code: "whatsapp/token-refused" });
    expect(await bound.probe()).toMatchObject([{ status: "error", detail: expect.stringContaining("token") }]);
  });

  it("neither errors nor health show the token", async () => {
    const line = await connect();
    await line.platform.faults.revoke();
    const thrown: unknown = await line.send(sample("plain")).catch((error: unknown) => error);
    expect(JSON.stringify([String(thrown), line.session.health()])).not.toContain("EAALocalToken");
  });

  it("a template that is missing is said by the doctor", async () => {
    const line = await connect({}, { template: { name: "no_such_template" } });
    const bound = line.platform.account.adapter.bind(line.platform.account.settings);
    expect(await bound.probe()).toMatchObject([
      { name: "whatsapp token and number", status: "ok" },
      { name: "whatsapp webhook", status: "ok" },
      { name: "whatsapp template no_such_template", status: "error" },
    ]);
  });
});
