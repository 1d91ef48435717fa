import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { Permission } from "../../core/permission.ts";
import { eventually } from "../../test/support/eventually.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { quietGateway } from "../../test/support/web-chat.ts";
import { messageEvent, NOON, openTestWebhooks } from "../../test/support/webhook-place.ts";
import { type WebhookReceiver, webhookReceiver } from "../../test/support/webhook-receiver.ts";
import { createGateway } from "../gateway.ts";
import type { Grant, Identities } from "../access/principal.ts";
import { deliveryRoutes } from "./delivery-routes.ts";
import { endpointRoutes } from "./endpoint-routes.ts";
import { Webhook, WebhookDelivery, WebhookDeliveryLog, WebhookWithSecret } from "./shown.ts";
import { verifyWebhook } from "./verify.ts";
import type { Webhooks } from "./webhooks.ts";

/** A call's token says what it may: `webhooks:read harbour, webhooks:manage harbour`. */
const MAY = "webhooks:read harbour, webhooks:manage harbour";
const identities: Identities = {
  authenticate: async ({ bearer = "" }) => {
    const held = bearer.split(", ").map((may) => may.split(" "));
    const grants = held.map(([permission, bot = ""]): Grant => ({
      permission: Permission.parse(permission),
      scope: "any",
      bots: bot === "*" ? "all" : [bot],
    }));
    return { id: "key:test", kind: "key", grants, by: "bearer" };
  },
  current: async () => undefined,
  isManaged: async () => true,
};

const everyBot = { authorization: "Bearer webhooks:read *, webhooks:manage *" };

const clock = { now: NOON };
let url: string;
let webhooks: Webhooks;
let receiver: WebhookReceiver;
beforeEach(async () => {
  clock.now = NOON;
  receiver = await webhookReceiver();
  const opened = await openTestWebhooks(await temporaryFolder(), clock);
  ({ webhooks } = opened);
  const parts = { webhooks, bots: () => ["harbour", "other"], clock: () => clock.now };
  const gateway = await createGateway({
    ...quietGateway,
    identities,
    routes: [...endpointRoutes(parts), ...deliveryRoutes(parts)],
  });
  url = `${gateway.url}/api/v1/webhooks`;
  onTestFinished(async () => {
    await gateway.close();
    await opened.end();
  });
});

async function call(method: string, path = "", body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${MAY}`, ...type, ...headers },
    ...sent,
  });
  const text = await response.text();
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, answer, headers: response.headers };
}
const problem = (status: number, code: string) => ({ status, answer: expect.objectContaining({ code }) });
const create = async (given: object = {}) => {
  const draft = { bot: "harbour", url: receiver.url, events: ["message.received"], ...given };
  return WebhookWithSecret.parse((await call("POST", "", draft)).answer);
};

describe("endpoints", () => {
  it("are made with a secret that is shown once and cached nowhere", async () => {
    const draft = {
      bot: "harbour",
      url: receiver.url,
      events: ["message.received", "message.received"],
      description: "CRM",
    };
    const { status, answer, headers } = await call("POST", "", draft);
    expect([status, headers.get("cache-control")]).toEqual([201, "no-store"]);
    const made = WebhookWithSecret.parse(answer);
    expect(made).toMatchObject({ bot: "harbour", events: ["message.received"], description: "CRM", active: true });
    const { secret, ...shown } = made;
    expect(await call("GET", `/${made.id}`)).toMatchObject({ status: 200, answer: shown });
    const listed = await call("GET", "?bot=harbour");
    expect(listed.answer).toEqual({ webhooks: [shown] });
    expect(JSON.stringify([listed.answer, (await call("GET", `/${made.id}`)).answer])).not.toContain(secret.slice(6));
  });

  it.each([
    [{ url: "http://169.254.169.254/" }, "webhook/address"],
    [{ url: "http://localhost.:1/" }, "webhook/address"],
    [{ url: "http://10.0.0.1/" }, "webhook/address"],
    [{ url: "file:///etc/passwd" }, "webhook/address"],
    [{ url: "nothing" }, "webhook/address"],
    [{ bot: "nobody" }, "gateway/forbidden"],
    [{ events: [] }, "gateway/invalid-request"],
    [{ events: ["password.changed"] }, "gateway/invalid-request"],
    [{ secret: "whsec_mine" }, "gateway/invalid-request"],
    [{ active: false }, "gateway/invalid-request"],
    [{ id: "whe_mine" }, "gateway/invalid-request"],
  ])("are not made of %j", async (given, code) => {
    const draft = { bot: "harbour", url: receiver.url, events: ["message.received"], ...given };
    expect((await call("POST", "", draft)).answer).toMatchObject({ code });
    expect((await call("GET", "?bot=harbour")).answer).toEqual({ webhooks: [] });
  });

  it("are listed page by page", async () => {
    const made = [await create(), await create(), await create()].map(({ id }) => id);
    const Page = z.object({ webhooks: z.array(Webhook), next: z.string().optional() });
    const first = Page.parse((await call("GET", "?bot=harbour&limit=2")).answer);
    const second = Page.parse((await call("GET", `?bot=harbour&limit=2&cursor=${first.next ?? ""}`)).answer);
    expect([...first.webhooks, ...second.webhooks].map(({ id }) => id)).toEqual(made);
    expect(second.next).toBeUndefined();
  });

  it("are changed in what may change", async () => {
    const { id } = await create();
    expect(await call("PATCH", `/${id}`, { active: false, description: "off" })).toMatchObject({
      status: 200,
      answer: { active: false, description: "off", disabled: { reason: "asked", at: new Date(NOON).toISOString() } },
    });
    expect((await call("PATCH", `/${id}`, { active: true })).answer).not.toHaveProperty("disabled");
    expect(await call("PATCH", `/${id}`, { url: "http://192.168.0.1/" })).toMatchObject(
      problem(400, "webhook/address"),
    );
    for (const foreign of [{ bot: "other" }, { failures: 0 }, { secret: "whsec_mine" }])
      expect(await call("PATCH", `/${id}`, foreign)).toMatchObject(problem(400, "gateway/invalid-request"));
    expect((await call("GET", `/${id}`)).answer).toMatchObject({ bot: "harbour", url: receiver.url });
  });

  it("are removed", async () => {
    const { id } = await create();
    expect((await call("DELETE", `/${id}`)).status).toBe(204);
    for (const method of ["GET", "DELETE"])
      expect(await call(method, `/${id}`, undefined, everyBot)).toMatchObject(problem(404, "webhook/unknown"));
  });

  it("get a new secret, at most two at a time", async () => {
    const { id, secret } = await create();
    const rotated = await call("POST", `/${id}/rotate-secret`, { keepHours: 1 });
    expect(rotated).toMatchObject({ status: 200, answer: { rotatesUntil: new Date(NOON + 3_600_000).toISOString() } });
    expect(WebhookWithSecret.parse(rotated.answer).secret).not.toBe(secret);
    expect(await call("POST", `/${id}/rotate-secret`, {})).toMatchObject(problem(409, "webhook/rotating"));
    expect((await call("POST", `/${id}/rotate-secret`, { keepHours: 0 })).answer).not.toHaveProperty("rotatesUntil");
  });
});

describe("a ping", () => {
  it("calls once, now, also what is switched off, and stands in the log", async () => {
    const { id, secret } = await create();
    await call("PATCH", `/${id}`, { active: false });
    const { answer } = await call("POST", `/${id}/ping`, {});
    expect(answer).toMatchObject({ delivered: true, status: 204 });
    const [got] = receiver.got;
    if (got === undefined) throw new Error("nothing came");
    expect(verifyWebhook(got, secret, { clock: () => NOON })).toMatchObject({ type: "ping", bot: "harbour", data: {} });
    receiver.reactions.always = 500;
    expect((await call("POST", `/${id}/ping`, {})).answer).toMatchObject({
      delivered: false,
      status: 500,
      error: "answered 500",
    });
    const Page = z.object({ deliveries: z.array(WebhookDelivery) });
    const { deliveries } = Page.parse((await call("GET", `/${id}/deliveries?type=ping`)).answer);
    expect(deliveries.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["failed", 1],
      ["delivered", 1],
    ]);
    expect((await call("GET", `/${id}`)).answer).not.toHaveProperty("failingSince");
  });
});

describe("deliveries", () => {
  it("are listed, shown with their log, and sent again", async () => {
    const running = webhooks.start();
    onTestFinished(async () => await running.close());
    receiver.reactions.next.push(410);
    const { id } = await create();
    await webhooks.tell(messageEvent("1"));
    const Page = z.object({ deliveries: z.array(WebhookDelivery) });
    const newest = async () => Page.parse((await call("GET", `/${id}/deliveries?limit=1`)).answer).deliveries[0];
    await eventually(async () => expect(await newest()).toMatchObject({ status: "failed", type: "message.received" }));
    const delivery = (await newest())?.id ?? "";
    const path = `/${id}/deliveries/${delivery}`;
    const shown = WebhookDeliveryLog.parse((await call("GET", path)).answer);
    expect(shown.log).toMatchObject([{ attempt: 1, status: 410, error: "answered 410" }]);
    expect(shown.body).toBe(receiver.got[0]?.body);
    expect(await call("POST", `${path}/resend`, {})).toMatchObject(problem(409, "webhook/inactive"));
    await call("PATCH", `/${id}`, { active: true });
    expect(await call("POST", `${path}/resend`, {})).toMatchObject({ status: 202, answer: { status: "waiting" } });
    await eventually(async () => expect(await newest()).toMatchObject({ status: "delivered", attempts: 2 }));
    expect(receiver.got.map(({ headers }) => headers["webhook-id"])).toEqual([shown.messageId, shown.messageId]);
  });

  it("on their way are not sent again by hand", async () => {
    const { id } = await create();
    const running = webhooks.start();
    receiver.reactions.always = 500;
    await webhooks.tell(messageEvent("1"));
    await eventually(() => expect(receiver.got).toHaveLength(1));
    await running.close();
    const [row] = await webhooks.deliveries.page(id, { limit: 1 });
    expect(await call("POST", `/${id}/deliveries/${row?.id}/resend`, {})).toMatchObject(
      problem(409, "webhook/still-waiting"),
    );
  });
});

describe("permissions", () => {
  const calls = (id: string, delivery: string) =>
    [
      ["GET", "?bot=harbour", undefined],
      ["POST", "", { bot: "harbour", url: receiver.url, events: ["reply.sent"] }],
      ["GET", `/${id}`, undefined],
      ["PATCH", `/${id}`, { active: false }],
      ["DELETE", `/${id}`, undefined],
      ["POST", `/${id}/rotate-secret`, {}],
      ["POST", `/${id}/ping`, {}],
      ["GET", `/${id}/deliveries`, undefined],
      ["GET", `/${id}/deliveries/${delivery}`, undefined],
      ["POST", `/${id}/deliveries/${delivery}/resend`, {}],
    ] as const;

  it("are asked for at every call, for the bot whose webhook it is", async () => {
    const { id } = await create();
    const { delivery } = await webhooks.ping({ id, bot: "harbour" });
    const before = await webhooks.endpoints.find(id);
    for (const may of ["metrics:read harbour", "webhooks:read other, webhooks:manage other"])
      for (const [method, path, body] of calls(id, delivery))
        expect([method, path, (await call(method, path, body, { authorization: `Bearer ${may}` })).status]).toEqual([
          method,
          path,
          403,
        ]);
    expect(await webhooks.endpoints.find(id)).toEqual(before);
    expect(receiver.got).toHaveLength(1);
  });

  it("to read are none to change", async () => {
    const { id } = await create();
    const { delivery } = await webhooks.ping({ id, bot: "harbour" });
    for (const [method, path, body] of calls(id, delivery))
      expect([
        method,
        path,
        (await call(method, path, body, { authorization: "Bearer webhooks:read harbour" })).status,
      ]).toEqual([method, path, method === "GET" ? 200 : 403]);
  });

  it("for one bot let nobody hear of the installation's alerts, which audit:read of all bots does", async () => {
    const auditor = { authorization: `Bearer ${MAY}, audit:read *` };
    const alerts = { bot: "harbour", url: receiver.url, events: ["reply.sent", "alert.raised"] };
    const refused = problem(403, "gateway/forbidden");
    for (const may of [MAY, `${MAY}, audit:read harbour`])
      expect(await call("POST", "", alerts, { authorization: `Bearer ${may}` })).toMatchObject(refused);
    const { id } = await create();
    expect(await call("PATCH", `/${id}`, { events: ["alert.raised"] })).toMatchObject(refused);
    const heard = WebhookWithSecret.parse((await call("POST", "", alerts, auditor)).answer);
    expect(await call("PATCH", `/${heard.id}`, { url: `${receiver.url}/mine` })).toMatchObject(refused);
    const told = { kind: "new-place", about: "a" } as const;
    const at = new Date(NOON).toISOString();
    await webhooks.tell({ type: "alert.raised", source: "a", bot: "harbour", at, data: told });
    const running = webhooks.start();
    await eventually(() => expect(receiver.got).toHaveLength(1));
    await running.close();
    const [row] = await webhooks.deliveries.page(heard.id, { limit: 1 });
    const path = `/${heard.id}/deliveries/${row?.id ?? ""}`;
    expect(await call("GET", path)).toMatchObject(refused);
    expect(await call("POST", `${path}/resend`, {})).toMatchObject(refused);
    expect((await call("GET", path, undefined, auditor)).status).toBe(200);
  });

  it("on one webhook open no delivery of another", async () => {
    const [mine, other] = [await create(), await create()];
    const { delivery } = await webhooks.ping({ id: other.id, bot: "harbour" });
    const path = `/${mine.id}/deliveries/${delivery}`;
    expect(await call("GET", path)).toMatchObject(problem(404, "webhook/unknown-delivery"));
    expect(await call("POST", `${path}/resend`, {})).toMatchObject(problem(404, "webhook/unknown-delivery"));
  });
});
