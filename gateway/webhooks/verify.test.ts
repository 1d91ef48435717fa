import { describe, expect, it } from "vitest";
import { keyOf, newSecret, signatureOf, signedHeaders } from "./signature.ts";
import { verifyWebhook } from "./verify.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const clock = () => NOW;
const secret = newSecret();
const body = JSON.stringify({
  type: "reply.sent",
  timestamp: "2026-12-01T11:59:58Z",
  bot: "harbour",
  data: { a: "ö" },
});
const headersAt = (ms: number, secrets: readonly string[] = [secret], id = "msg_1") =>
  signedHeaders({ id, timestamp: Math.floor(ms / 1000), body }, secrets);
const headers = headersAt(NOW);
const codeOf = (verify: () => unknown): unknown => {
  try {
    return verify();
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
  }
};

describe("Standard Webhooks", () => {
  it("signs as the published example does", () => {
    const key = keyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ?? Buffer.alloc(0);
    const signed = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signatureOf(key, signed).toString("base64")).toBe("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("signs with each secret that is valid", () => {
    const [first, second] = headersAt(NOW, [secret, newSecret()])["webhook-signature"]?.split(" ") ?? [];
    expect(first).toBe(headers["webhook-signature"]);
    expect(second).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/u);
  });

  it.each(["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64!", `whsec_${Buffer.alloc(65).toString("base64")}`])(
    "takes %j for no secret",
    (text) => expect(keyOf(text)).toBeUndefined(),
  );
});

describe("verifyWebhook", () => {
  it("gives what a real webhook says, from Headers, an object of any case, and bytes", () => {
    const said = {
      id: "msg_1",
      type: "reply.sent",
      timestamp: "2026-12-01T11:59:58Z",
      bot: "harbour",
      data: { a: "ö" },
    };
    expect(verifyWebhook({ headers, body }, secret, { clock })).toEqual(said);
    expect(verifyWebhook({ headers: new Headers(headers), body }, secret, { clock })).toEqual(said);
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    expect(verifyWebhook({ headers: upper, body: Buffer.from(body) }, [secret], { clock })).toEqual(said);
  });

  it("takes either of two secrets, on either side", () => {
    const other = newSecret();
    const rotating = headersAt(NOW, [other, secret]);
    expect(verifyWebhook({ headers: rotating, body }, secret, { clock }).id).toBe("msg_1");
    expect(verifyWebhook({ headers: rotating, body }, other, { clock }).id).toBe("msg_1");
    expect(verifyWebhook({ headers, body }, [other, secret], { clock }).id).toBe("msg_1");
  });

  it("refuses what is not as it was signed", () => {
    const wrong = "webhook/wrong-signature";
    const verify = (given: Partial<Parameters<typeof verifyWebhook>[0]>, by = secret) =>
      codeOf(() => verifyWebhook({ headers, body, ...given }, by, { clock }));
    expect(verify({ body: `${body} ` })).toBe(wrong);
    expect(verify({ body: JSON.stringify(JSON.parse(body), null, 1) })).toBe(wrong);
    expect(verify({ headers: { ...headers, "webhook-id": "msg_2" } })).toBe(wrong);
    expect(verify({ headers: { ...headers, "webhook-timestamp": String(NOW / 1000 + 1) } })).toBe(wrong);
    expect(verify({}, newSecret())).toBe(wrong);
    const signature = headers["webhook-signature"] ?? "";
    for (const broken of [
      "v1,",
      "v1",
      signature.slice(3),
      signature.replace("v1,", "v1a,"),
      signature.replace("v1,", "v2,"),
      signature.slice(0, -4),
      `${signature}AAAA`,
      "v1,AAAA ".repeat(10_000),
    ])
      expect(verify({ headers: { ...headers, "webhook-signature": broken } })).toBe(wrong);
  });

  it("refuses calls without their headers, and ids that could hide a part of what was signed", () => {
    const unsigned = "webhook/unsigned";
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
      const { [name]: _left, ...others } = headers;
      expect(codeOf(() => verifyWebhook({ headers: others, body }, secret, { clock }))).toBe(unsigned);
    }
    for (const at of ["", "now", "-1", "1e9", "17646336001764633600"])
      expect(codeOf(() => verifyWebhook({ headers: { ...headers, "webhook-timestamp": at }, body }, secret))).toBe(
        unsigned,
      );
    const dotted = headersAt(NOW, [secret], "msg_1.1764590400");
    expect(codeOf(() => verifyWebhook({ headers: dotted, body }, secret, { clock }))).toBe(unsigned);
  });

  it("refuses what is older or newer than it may be, and not a second sooner", () => {
    const verify = (ms: number) => codeOf(() => verifyWebhook({ headers: headersAt(ms), body }, secret, { clock }));
    expect(verify(NOW - 301_000)).toBe("webhook/wrong-time");
    expect(verify(NOW + 301_000)).toBe("webhook/wrong-time");
    expect(verify(NOW - 300_000)).toMatchObject({ id: "msg_1" });
    expect(verify(NOW + 300_000)).toMatchObject({ id: "msg_1" });
  });

  it("says so where the receiver has no secret, or the body is of somebody else", () => {
    for (const none of ["", [], [secret, ""]])
      expect(codeOf(() => verifyWebhook({ headers, body }, none, { clock }))).toBe("webhook/secret");
    const foreign = signedHeaders({ id: "msg_1", timestamp: NOW / 1000, body: "[]" }, [secret]);
    expect(codeOf(() => verifyWebhook({ headers: foreign, body: "[]" }, secret, { clock }))).toBe("webhook/no-payload");
  });
});
