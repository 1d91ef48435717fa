import { expect, it } from "vitest";
import { isSignedBySlack } from "./signature.ts";

/** The example of Slack's own page about signatures. */
const SIGNED_AT = 1_531_420_618;
const request = {
  body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
  headers: new Headers({
    "x-slack-request-timestamp": String(SIGNED_AT),
    "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  }),
  signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
  nowMs: SIGNED_AT * 1_000,
};

it("takes what Slack signed, for five minutes", () => {
  expect(isSignedBySlack(request)).toBe(true);
  expect(isSignedBySlack({ ...request, nowMs: request.nowMs + 300_000 })).toBe(true);
  expect(isSignedBySlack({ ...request, nowMs: request.nowMs + 301_000 })).toBe(false);
});

it.each([
  ["another body", { body: `${request.body}&text=more` }],
  ["another secret", { signingSecret: "another" }],
  ["no signature", { headers: new Headers({ "x-slack-request-timestamp": String(SIGNED_AT) }) }],
  ["no time", { headers: new Headers({ "x-slack-signature": request.headers.get("x-slack-signature") ?? "" }) }],
  [
    "a time that is none",
    { headers: new Headers({ ...Object.fromEntries(request.headers), "x-slack-request-timestamp": "today" }) },
  ],
])("refuses %s", (_name, change) => {
  expect(isSignedBySlack({ ...request, ...change })).toBe(false);
});
