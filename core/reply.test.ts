import { describe, expect, it } from "vitest";
import { sendableReplies } from "./reply.ts";

const draft = { text: "Which one?", confidence: 1, model: "none" };
const gold = { id: "gold", label: "Gold", value: "gold" };

describe("platforms G: one part of a reply that does not fit", () => {
  it.each([
    ["a choice without a label", { choices: [{ ...gold, label: "" }, gold] }, { choices: [gold] }],
    ["a choice whose id is too long", { choices: [gold, { ...gold, id: "x".repeat(49) }] }, { choices: [gold] }],
    [
      "more choices than any list holds",
      { choices: Array.from({ length: 30 }, () => gold) },
      { choices: Array.from({ length: 25 }, () => gold) },
    ],
    ["a file without a name", { files: [{ name: "", mediaType: "text/csv", spoolKey: "k" }] }, { files: [] }],
  ])("costs itself: %s", (_, part, kept) => {
    expect(sendableReplies([{ ...draft, ...part }])).toMatchObject([{ text: "Which one?", ...kept }]);
  });

  it("never drops a proposal in silence", () => {
    const proposal = { id: "p", summary: "15 euros to Jana", expiresAt: "soon" };
    expect(() => sendableReplies([{ ...draft, proposal }])).toThrow("expiresAt");
  });

  it("replaces a half of a character", () => {
    expect(sendableReplies([{ ...draft, text: "a\ud83d" }])).toMatchObject([{ text: "a\ufffd" }]);
  });
});
