import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openIrcLocally } from "../../examples/irc/testing/index.ts";
import { quietContext } from "./adapter-context.ts";
import { readFixtures, recording } from "./fixtures.ts";
import { redact } from "./redact.ts";

const update = {
  update_id: 7,
  message: {
    date: 1_767_600_000,
    from: { id: 5_123_456_789, first_name: "Anna", username: "anna_k" },
    chat: { id: -5_123_456_789, title: "Family" },
    text: "/pay 25 € to Maria, please!",
    photo: [{ file_id: "AgACAgIAAxkBAAI" }],
    link: "https://example.org/file?token=abc",
  },
  token: "123:ABC",
};

it("leaves the shape of a payload and takes the people out", () => {
  const text = JSON.stringify(redact(update));
  for (const word of ["Anna", "anna_k", "Family", "Maria", "5123456789", "AgAC", "abc", "123:ABC"])
    expect(text).not.toContain(word);
  expect(redact(update)).toMatchObject({
    update_id: 7,
    message: { text: expect.stringMatching(/^\/\w{3} \d\d € \w\w \w{5}, \w{6}!$/u), date: 1_767_600_000 },
  });
});

it("keeps what the adapter says is safe, and nothing beside it", () => {
  const safe = (text: string, key: string) => (key === "type" ? [text] : (text.match(/^\/\w+/u) ?? []));
  const payload = {
    type: "formatted_body",
    formatted_body: "<b>Anna</b>",
    user: "@anna:example.org",
    text: "/pay Anna",
  };
  expect(redact(payload, safe)).toEqual({
    type: "formatted_body",
    formatted_body: "<b>Xxxc</b>",
    user: "@xxxd:xxxxxxe.xxf",
    text: "/pay Xxxc",
  });
});

it("replaces the same number in the same way, so that replies still fit", () => {
  expect(redact({ a: "id-1234567", b: "1234567", c: 7_654_321 }, () => ["id"])).toEqual({
    a: "id-7777771",
    b: "7777771",
    c: 7_777_772,
  });
});

it("keeps keys, kinds and lengths of whatever is redacted", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const redacted = redact(value);
      expect(typeof redacted).toBe(typeof value);
      if (typeof value === "object" && value !== null) expect(Object.keys(redacted ?? {})).toEqual(Object.keys(value));
    }),
  );
});

it("records one fixture of each kind from a running adapter, and reads it again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "parley-fixtures-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const platform = await openIrcLocally();
  onTestFinished(async () => await platform.close());
  const { adapter, settings } = platform.account;
  let heard = 0;
  const accept = async () => {
    heard += 1;
    return undefined;
  };
  const session = await recording(adapter, directory).bind(settings).connect(quietContext("irc", { accept }));
  onTestFinished(async () => await session.close());
  const anna = platform.person("1", "anna");
  await anna.say("hello there");
  await anna.say("hello again");
  await expect.poll(() => heard).toBe(2);
  expect(readFixtures(directory)).toMatchObject([{ type: "message", userId: expect.stringMatching(/^x+[a-j]+$/u) }]);
});
