/** Codes by a real mail server and a real webhook, and what is told and logged where they do not go out. */
import { createServer } from "node:net";
import type { SMTPServerOptions } from "smtp-server";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { CodeSenders } from "../../../core/config/code-senders.ts";
import { resolveSecrets, SecretReference } from "../../../core/config/secret.ts";
import { directNetwork } from "../../../core/network/network.ts";
import { silentTelemetry } from "../../../core/silent-telemetry.ts";
import { freePort } from "../../../test/support/free-port.ts";
import { MAIL_USER, mailServer, smtpError } from "../../../test/support/smtp-server.ts";
import { webhookReceiver } from "../../../test/support/webhook-receiver.ts";
import { verifyWebhook } from "../../webhooks/verify.ts";
import { createSenders } from "./senders.ts";

const KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
const RUTH = { kind: "mail", address: "ruth.meier@example.org" } as const;
const MOBILE = { kind: "sms", address: "+41790000000" } as const;
const MESSAGE = { code: "492039", expiresAt: Date.parse("2026-09-01T10:10:00.000Z") };
const environment = { clock: () => Date.now(), newId: () => "01K2V8Q6Z9" };

/** With everything that was logged. */
function senders(settings: object, locale = "en") {
  const logged: string[] = [];
  const note = (...words: readonly unknown[]): void => void logged.push(JSON.stringify(words));
  const log = { ...silentTelemetry.log, warn: note, error: note, info: note, debug: note };
  const secrets = { environment: { MAIL: "", ...ENVIRONMENT }, readFile: () => "" };
  const read = CodeSenders.parse(resolveSecrets(settings, secrets).value);
  const made = createSenders({
    senders: read,
    site: "bot.example.com",
    locale,
    network: directNetwork,
    environment,
    log,
  });
  return { ...made, logged };
}
const ENVIRONMENT: Record<string, string> = { KEY };
const of = (name: string): SecretReference => new SecretReference("env", name);

function byMail(
  port: number,
  { password = MAIL_USER.password, scheme = "smtp", host = "127.0.0.1" } = {},
  locale = "en",
) {
  const user = `${MAIL_USER.name}:${encodeURIComponent(password)}`;
  ENVIRONMENT["MAIL"] = `${scheme}://${user}@${host}:${port}`;
  return senders({ mail: { kind: "smtp", url: of("MAIL"), from: "Harbour <codes@example.com>" } }, locale);
}

/** Nothing of the person and no code. */
function expectDiscreet(logged: readonly string[]): void {
  expect(logged).toHaveLength(1);
  expect(logged.join()).not.toMatch(/ruth|meier|492039|79000|p@ss|p%40ss/u);
}

describe("codes by mail", () => {
  it("arrive, with the code in a sentence, for one person", async () => {
    const server = await mailServer();
    const { send, logged } = byMail(server.port);
    await send({ contact: RUTH, ...MESSAGE });
    expect(server.mails).toEqual([{ to: [RUTH.address], raw: expect.stringContaining("492039 is your code") }]);
    const [{ raw } = { raw: "" }] = server.mails;
    expect(raw).toContain("Subject: Your code for bot.example.com");
    expect(raw).toContain("From: Harbour <codes@example.com>");
    expect(raw).toContain("Auto-Submitted: auto-generated");
    expect(logged).toEqual([]);
  });

  it("are in German where the bot is", async () => {
    const server = await mailServer();
    await byMail(server.port, {}, "de-CH").send({ contact: RUTH, ...MESSAGE });
    expect(Buffer.from(server.mails[0]?.raw ?? "").toString()).toContain("492039 ist Ihr Code");
  });

  it.each([
    ["the login is wrong", {}, { password: "wrong" }, /refused the login.*\(535\)/u],
    [
      "the server takes nothing for now (greylisting)",
      {
        onRcptTo: (_to, _session, done) => done(smtpError(451, "4.7.1 later, ruth.meier@example.org")),
      },
      {},
      /for now \(451\)/u,
    ],
    [
      "the server is full when the mail is there",
      {
        onData: (stream, _session, done) => void stream.resume().once("end", () => done(smtpError(452, "4.3.1 full"))),
      },
      {},
      /for now \(452\)/u,
    ],
    ["the server has no TLS and is another machine", {}, { host: "0.0.0.0" }, /in the clear/u],
    [
      "the certificate is nobody's",
      { secure: true, disabledCommands: [] },
      { scheme: "smtps" },
      /TLS|cannot be reached/u,
    ],
  ] satisfies readonly (readonly [string, SMTPServerOptions, object, RegExp])[])(
    "are told not to have gone out where %s, and the log names nobody",
    async (_what, server, url, reason) => {
      const { port } = await mailServer(server);
      const { send, logged } = byMail(port, url);
      await expect(send({ contact: RUTH, ...MESSAGE })).rejects.toMatchObject({
        code: "identity/code-not-sent",
        status: 503,
        retryAfterMs: 60_000,
      });
      expectDiscreet(logged);
      expect(logged[0]).toMatch(reason);
    },
  );

  it("are told not to have gone out where the server dies in the middle", async () => {
    const stop = { now: async (): Promise<void> => undefined };
    const server = await mailServer({ onData: (stream) => void stream.once("data", () => void stop.now()) });
    stop.now = server.stop;
    const { send, logged } = byMail(server.port);
    await expect(send({ contact: RUTH, ...MESSAGE })).rejects.toMatchObject({ code: "identity/code-not-sent" });
    expectDiscreet(logged);
  });

  it("are told to be refused where the address is nobody's", async () => {
    const { port } = await mailServer({ onRcptTo: (_to, _session, done) => done(smtpError(550, "5.1.1 unknown")) });
    const { send, logged } = byMail(port);
    await expect(send({ contact: RUTH, ...MESSAGE })).rejects.toMatchObject({
      code: "identity/contact-refused",
      status: 422,
    });
    expectDiscreet(logged);
  });

  it("wait for no server that is down or says nothing", { timeout: 60_000 }, async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined).resume());
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = address === null || typeof address === "string" ? 0 : address.port;
    for (const at of [await freePort(), port]) {
      const { send, logged } = byMail(at);
      await expect(send({ contact: RUTH, ...MESSAGE })).rejects.toMatchObject({ code: "identity/code-not-sent" });
      expectDiscreet(logged);
    }
  });

  it("go to one address, whatever stands in it", async () => {
    const server = await mailServer();
    const address = "ruth@example.org, eve@example.org";
    await expect(byMail(server.port).send({ contact: { kind: "mail", address }, ...MESSAGE })).rejects.toThrow();
    expect(server.mails).toEqual([]);
  });
});

describe("codes by a webhook", () => {
  const byWebhook = (url: string) => senders({ sms: { kind: "webhook", url, secret: of("KEY") } });

  it("come signed, with all that is to be sent", async () => {
    const { url, got } = await webhookReceiver();
    await byWebhook(url).send({ contact: MOBILE, ...MESSAGE });
    const [{ headers, body } = { headers: {}, body: "" }] = got;
    expect(verifyWebhook({ headers, body }, KEY)).toMatchObject({
      type: "code.issued",
      bot: "*",
      data: { kind: "sms", address: MOBILE.address, code: "492039", expiresAt: "2026-09-01T10:10:00.000Z" },
    });
  });

  it.each([[500], [302], [(response: { destroy: () => void }) => response.destroy()]] as const)(
    "are told not to have gone out where it answers %s",
    async (reaction) => {
      const { url } = await webhookReceiver(reaction);
      const { send, logged } = byWebhook(url);
      await expect(send({ contact: MOBILE, ...MESSAGE })).rejects.toMatchObject({ code: "identity/code-not-sent" });
      expectDiscreet(logged);
    },
  );
});

describe("codes by a function", () => {
  it("are given to it, and what it throws stays with it", async () => {
    const got: unknown[] = [];
    const fine = senders({ sms: { kind: "function", send: async (message: unknown) => void got.push(message) } });
    await fine.send({ contact: MOBILE, ...MESSAGE });
    expect(got).toMatchObject([{ kind: "sms", address: MOBILE.address, code: "492039", text: /492039 is your code/u }]);
    const faulty = senders({
      sms: { kind: "function", send: async () => Promise.reject(new Error("to +41790000000: 492039")) },
    });
    await expect(faulty.send({ contact: MOBILE, ...MESSAGE })).rejects.toMatchObject({
      code: "identity/code-not-sent",
    });
    expectDiscreet(faulty.logged);
  });
});

describe("what doctor is told", () => {
  it("is each sender that is there or wanted", async () => {
    const mail = await mailServer();
    const all = byMail(mail.port);
    expect(await all.check(new Set(["mail", "sms"]))).toMatchObject([
      { name: "codes by mail", status: "ok", detail: `127.0.0.1:${mail.port} takes mail by SMTP` },
      { name: "codes by SMS", status: "error", detail: /nothing sends any/u, remedy: /gateway\.codes\.sms/u },
    ]);
    await mail.stop();
    expect(await all.check(new Set())).toMatchObject([
      { name: "codes by mail", status: "error", detail: /cannot be reached/u },
    ]);
    const { url, reactions } = await webhookReceiver();
    const bySms = senders({ sms: { kind: "webhook", url, secret: of("KEY") } });
    expect(await bySms.check(new Set())).toMatchObject([{ name: "codes by SMS", status: "ok" }]);
    reactions.always = 401;
    expect(await bySms.check(new Set())).toMatchObject([{ status: "error", detail: /answered 401/u }]);
    await expect(bySms.send({ contact: RUTH, ...MESSAGE })).rejects.toMatchObject({ code: "identity/no-sender" });
    expect(await senders({}).check(new Set())).toEqual([]);
  });
});
