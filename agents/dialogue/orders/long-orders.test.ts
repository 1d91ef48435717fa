/** One message must not keep the process busy: work grows with the text, and ends where nobody would still be ordering. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import { advance } from "../advance.ts";
import { askedTools } from "../asked-tools.ts";

const tip = defineTool({
  name: "give_tip",
  description: "…",
  risk: "high",
  confirmation: "always",
  scopes: ["public"],
  depends: "user",
  input: z.strictObject({ to: z.string(), amount: z.string() }),
  slots: { to: { entity: "sailor" }, amount: { entity: "money" } },
  language: {
    en: {
      title: "give a tip",
      asks: ["give {to} {amount}", "{amount} to {to}", "tip {to}"],
      slots: { to: { ask: "Who?" }, amount: { ask: "How much?" } },
      harmless: ["give tip the euros"],
    },
  },
  propose: async () => ({ summary: "…" }),
  execute: async () => ({ value: {} }),
});
const tools = askedTools([tip], new Set());
const named = ["Mira Holm", "Odd Lien"].map((name) => ({
  kind: "sailor",
  value: name,
  names: [name, name.split(" ")[0] ?? name],
}));

function order(text: string) {
  const entities = {
    now: new Date("2026-11-21T09:00:00Z"),
    timeZone: "Europe/Berlin",
    locale: "en",
    currency: "EUR",
    direction: "future",
  } as const;
  return advance([], { text, language: "en", isOther: false, tool: "give_tip" }, { tools, entities, named });
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** How many characters are made comparable on the way: each comparison of words does that. */
function workOf(text: string): number {
  const normalize = vi.spyOn(String.prototype, "normalize");
  order(text);
  const characters = normalize.mock.contexts.reduce<number>((sum, one) => sum + String(one).length, 0);
  normalize.mockRestore();
  return characters;
}

describe("a long order", () => {
  it.each(["Mira ", "give Mira 20 euros ", "to Odd, ", "5 euros or "])(
    "of %j again and again costs as much for each of them",
    (words) => {
      const times = Math.floor(1_000 / words.length / 2);
      order(words); // what is read once for all is read now
      const [half, whole] = [workOf(words.repeat(times)), workOf(words.repeat(times * 2))];
      expect(half).toBeGreaterThan(0);
      expect(whole).toBeLessThan(half * 3);
    },
  );

  it.each(["give Mira 20 euros ".repeat(110), "Mira ".repeat(100), "x ".repeat(1_100)])(
    "is asked to be shorter, and nothing of it is prepared",
    (text) => {
      const steps = order(text) ?? [];
      expect(steps.map(({ kind }) => kind)).not.toContain("call");
      expect(steps.map((step) => ("text" in step ? step.text : ""))).toEqual([
        expect.stringContaining("please send a shorter one"),
      ]);
    },
  );

  it("of many values that are all understood is put forward", () => {
    const steps = order("give Mira 20 euros and give Odd 5 euros ".repeat(3)) ?? [];
    expect(steps.every(({ kind }) => kind === "call")).toBe(true);
  });
});
