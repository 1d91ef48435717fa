import { describe, expect, it } from "vitest";
import { findAccountMentions, type KnownAccount } from "./account-mention.ts";

const accounts: readonly KnownAccount[] = [
  { id: "everyday", name: "Everyday account", kind: "current", number: "DE10 0000 1234" },
  { id: "savings", name: "Savings", kind: "savings", number: "DE10 0000 5678" },
  { id: "holiday", name: "Holiday fund", kind: "pot" },
];
const read = (text: string): readonly (readonly [string | undefined, readonly string[]])[] =>
  findAccountMentions(text, accounts).map(({ role, candidates }) => [role, candidates] as const);

describe("the customer's own accounts", () => {
  it("reads where money leaves and where it goes", () => {
    expect(read("transfer 200 from my savings to my current account")).toEqual([
      ["from", ["savings"]],
      ["to", ["everyday"]],
    ]);
    expect(read("move 20 euros out of Holiday fund into everyday")).toEqual([
      ["from", ["holiday"]],
      ["to", ["everyday"]],
    ]);
  });

  it("knows accounts by their last digits", () => {
    expect(read("pay it from account ending in 1234")).toEqual([["from", ["everyday"]]]);
    expect(read("from my account ending 9999")).toEqual([["from", []]]);
  });

  it("leaves the role open when none is named", () => {
    expect(read("how much is on my savings account")).toEqual([[undefined, ["savings"]]]);
  });

  it("reports an account that the customer does not have, and doubt between several", () => {
    expect(findAccountMentions("pay it from my savings", [])).toMatchObject([{ candidates: [], ambiguous: false }]);
    const two: readonly KnownAccount[] = [
      { id: "one", name: "Blue", kind: "savings" },
      { id: "two", name: "Green", kind: "savings" },
    ];
    expect(findAccountMentions("pay it from my savings", two)).toMatchObject([
      { candidates: ["one", "two"], ambiguous: true },
    ]);
  });

  it("does not read every such word as an account", () => {
    expect(read("my main account")).toEqual([[undefined, ["everyday"]]]);
    expect(read("savings rates are low")).toEqual([]);
    expect(read("the current situation")).toEqual([]);
    expect(read("what is my main problem")).toEqual([]);
  });
});
