import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMessageReference } from "./message-reference.ts";

describe("message references", () => {
  it.each([
    ["https://discord.com/channels/11/22/33", "33", ["22"]],
    ["https://ptb.discord.com/channels/@me/22/33/", "33", ["22"]],
    ["https://acme.slack.com/archives/C024BE91L/p1700000000123456", "1700000000.123456", ["C024BE91L"]],
    [
      "https://acme.slack.com/archives/C024BE91L/p1700000000123456?thread_ts=1699999999.000100&cid=C024BE91L",
      "1700000000.123456",
      ["C024BE91L"],
    ],
    ["https://t.me/c/123/45", "45", ["-100123", "123"]],
    ["https://t.me/c/123/7/45?single", "45", ["-100123", "123"]],
    ["https://t.me/somegroup/45", "45", []],
    ["https://chat.example.org/rooms/9/messages/m%3A1", "m:1", []],
    ["  1700000000.123456\n", "1700000000.123456", []],
    ["wamid.HBgLMTIz==", "wamid.HBgLMTIz==", []],
  ])("reads %s", (text, id, chats) => {
    const reference = parseMessageReference(text);
    expect(reference.ids[0]).toBe(id);
    expect(reference.chats).toEqual(chats);
  });

  it("is not fooled by a host that only looks like a known one", () => {
    expect(parseMessageReference("https://notslack.com/archives/C1/p1700000000123456").ids[0]).toBe(
      "p1700000000123456",
    );
  });

  it("takes any text, and always looks the text itself up too", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withQueryParameters: true })), (text) => {
        expect(parseMessageReference(text).ids).toContain(text.trim());
      }),
    );
  });
});
