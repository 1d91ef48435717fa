import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "./define-tool.ts";

const move = {
  name: "move_money",
  description: "Moves money.",
  input: z.strictObject({ to: z.string() }),
  risk: "high",
  confirmation: "always",
  scopes: ["customer"],
  depends: "user",
  propose: async () => ({ summary: "Move it" }),
  execute: async () => ({ value: "moved" }),
} as const;

describe("a tool's definition", () => {
  it("is accepted as the types have it", () => {
    expect(defineTool(move)).toMatchObject({ name: "move_money", confirmation: "always" });
  });

  it.each([
    [{ confirmation: "Always" }, "confirmation"],
    [{ confirmation: undefined }, "confirmation"],
    [{ confirmation: "never" }, "confirmation"],
    [{ confirmation: "unless-said", risk: "low" }, "said"],
    [{ risk: "High" }, "risk"],
    [{ propose: undefined }, "propose"],
    [{ name: "__proto__" }, "name"],
    [{ name: "move money!" }, "name"],
    [{ scopes: undefined }, "scopes"],
    [{ input: { parse: () => undefined } }, "input"],
    [{ execute: undefined }, "execute"],
  ])("from JavaScript is refused by the name of its tool and part: %o", (change, part) => {
    expect(() => Reflect.apply(defineTool, undefined, [{ ...move, ...change }])).toThrow(
      expect.objectContaining({ code: "tool/invalid-definition", message: expect.stringContaining(`${part}: `) }),
    );
  });

  it("that would run high risk unconfirmed, or confirm without a proposal, is refused by the compiler", () => {
    // @ts-expect-error high risk is always confirmed
    expect(() => defineTool({ ...move, propose: undefined, confirmation: "never" })).toThrow("confirmation");
    const { propose: _left, ...without } = move;
    // @ts-expect-error a call that is confirmed says what would happen
    expect(() => defineTool(without)).toThrow("propose");
    // @ts-expect-error somebody must read what was said
    expect(() => defineTool({ ...move, risk: "low", confirmation: "unless-said" })).toThrow("said");
  });
});
