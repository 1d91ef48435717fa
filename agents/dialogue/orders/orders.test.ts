import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Dialogue } from "../../../core/dialogue.ts";
import { advance } from "../advance.ts";
import { askedTools } from "../asked-tools.ts";

/** A tool of nobody's: what a guest gives the crew of a ship. */
const tip = defineTool({
  name: "give_tip",
  description: "…",
  risk: "high",
  confirmation: "always",
  scopes: ["public"],
  depends: "user",
  input: z.strictObject({
    to: z.string(),
    amount: z.string(),
    from: z.string().optional(),
    note: z.string().optional(),
  }),
  slots: { to: { entity: "sailor" }, amount: { entity: "money" }, from: { entity: "purse" }, note: { entity: "text" } },
  language: {
    en: {
      title: "give a tip",
      asks: [
        "give {to} {amount}",
        "{amount} to {to} from {from}",
        "tip {to}",
        "{amount} for {to}",
        "{to} gets {amount} note {note}",
      ],
      slots: { to: { ask: "Who?" }, amount: { ask: ["How much for {to}?", "How much?"] } },
      harmless: ["give tip gets please the a euros"],
    },
    de: {
      title: "Trinkgeld geben",
      asks: ["gib {to} {amount}", "{amount} an {to} von {from}", "{to} kriegt {amount}"],
      slots: { to: { ask: "Wem?" }, amount: { ask: "Wie viel?" } },
      harmless: ["gib kriegt bitte euro trinkgeld"],
    },
  },
  propose: async () => ({ summary: "…" }),
  execute: async () => ({ value: {} }),
});

const named = [
  { kind: "sailor", value: "Mira Holm", names: ["Mira Holm", "Mira", "Holm"] },
  { kind: "sailor", value: "Odd Lien", names: ["Odd Lien", "Odd", "Lien"] },
  { kind: "sailor", value: "Kari Lien", names: ["Kari Lien", "Kari", "Lien"] },
  { kind: "purse", value: "deck", names: ["deck", "deck purse"] },
  { kind: "purse", value: "galley", names: ["galley"] },
];
/** Another one: whom the crew may be paid by. */
const patron = defineTool({
  name: "add_patron",
  description: "…",
  risk: "high",
  confirmation: "always",
  scopes: ["public"],
  depends: "user",
  input: z.strictObject({ name: z.string(), iban: z.string() }),
  slots: { iban: { entity: "iban" } },
  language: {
    en: {
      title: "add a patron",
      asks: ["add {name} as a patron with iban {iban}", "new patron {name} {iban}", "add a patron"],
      slots: { name: { ask: "Who?" }, iban: { ask: "Which IBAN?" } },
    },
  },
  propose: async () => ({ summary: "…" }),
  execute: async () => ({ value: {} }),
});
/** A third: both of its fields take the same kind. */
const shift = defineTool({
  name: "shift",
  description: "…",
  risk: "high",
  confirmation: "always",
  scopes: ["public"],
  depends: "user",
  input: z.strictObject({ to: z.string(), amount: z.string(), from: z.string().optional() }),
  slots: { to: { entity: "purse" }, amount: { entity: "money" }, from: { entity: "purse" } },
  language: {
    en: {
      title: "shift money",
      asks: [
        "shift {amount} from {from} to {to}",
        "{amount} to {to} from {from}",
        "{amount} {from} -> {to}",
        "{from} into {to}",
      ],
      slots: { to: { ask: "Into which purse?" }, amount: { ask: "How much?" } },
    },
  },
  propose: async () => ({ summary: "…" }),
  execute: async () => ({ value: {} }),
});
const tools = askedTools([tip, patron, shift], new Set());
const now = new Date("2026-11-21T09:00:00Z");

/** A conversation: what each line comes to. */
function talk(...lines: readonly string[]) {
  return talkWith("give_tip", ...lines);
}

function talkWith(tool: string, ...lines: readonly string[]) {
  let dialogue: Dialogue = [];
  return lines.map((text, at) => {
    const language = /ä|ö|ü|\b(?:gib|an|nein|kriegt)\b/iu.test(text) ? "de" : "en";
    const entities = {
      now,
      timeZone: "Europe/Berlin",
      locale: language,
      currency: "EUR",
      direction: "future",
    } as const;
    const heard = { text, language, isOther: false, tool: at === 0 ? tool : undefined };
    const steps = advance(dialogue, heard, { tools, entities, named });
    dialogue = steps?.at(-1)?.dialogue ?? dialogue;
    return steps?.map((step) => {
      if (step.kind !== "call") return step.text;
      return Object.fromEntries(Object.entries(step.frame.slots).map(([field, { value }]) => [field, value]));
    });
  });
}

describe("an order", () => {
  it("names whom it does not know, and keeps the others", () => {
    expect(talk("15 euros each to Odd and to a mate called Kofi")).toEqual([
      [{ to: "Odd Lien", amount: "15.00 EUR" }, expect.stringContaining("Kofi")],
    ]);
  });

  it("asks for a sum where all is said to be one", () => {
    expect(talk("give Mira a tip", "all of it").at(-1)).toEqual([expect.stringContaining("How much for Mira Holm?")]);
  });

  it("takes what is told of somebody for nothing else", () => {
    expect(talk("give a tip of 20 euros", "Mira who gladly passes that on").at(-1)).toEqual([
      { to: "Mira Holm", amount: "20.00 EUR" },
    ]);
  });

  it.each([
    ["give Mira 20 euros", { to: "Mira Holm", amount: "20.00 EUR" }],
    ["a tenner to Odd from the deck purse", { to: "Odd Lien", amount: "10.00 EUR", from: "deck" }],
    ["Mira gets 5 euros note good soup", { to: "Mira Holm", amount: "5.00 EUR", note: "good soup" }],
    ["gib Mira zwölf Euro fünfzig", { to: "Mira Holm", amount: "12.50 EUR" }],
    ["50 to Mira no wait 55", { to: "Mira Holm", amount: "55.00 EUR" }],
    ["20 euros to Mira, no wait, to Odd, and 30 instead of 20", { to: "Odd Lien", amount: "30.00 EUR" }],
    ["give Mira 20 euros, no wait, Odd, and not 20 but 30", { to: "Odd Lien", amount: "30.00 EUR" }],
  ])("%s", (text, expected) => {
    expect(talk(text)).toEqual([[expected]]);
  });

  it.each([
    [
      "20 to Mira and 30 to Kari",
      [
        ["Mira Holm", "20.00 EUR"],
        ["Kari Lien", "30.00 EUR"],
      ],
    ],
    [
      "25 each to Odd and Mira",
      [
        ["Odd Lien", "25.00 EUR"],
        ["Mira Holm", "25.00 EUR"],
      ],
    ],
    [
      "Mira 20, Odd 5.50",
      [
        ["Mira Holm", "20.00 EUR"],
        ["Odd Lien", "5.50 EUR"],
      ],
    ],
    ["20 to Mira, nothing for Odd", [["Mira Holm", "20.00 EUR"]]],
  ])("%s: several, in the order in which they were said", (text, expected) => {
    expect(talk(text)[0]).toEqual(expected.map(([to, amount]) => ({ to, amount })));
  });

  it.each([
    "split 30 between Mira and Odd half half",
    "split 30 evenly between Mira and Odd",
    "30 between Mira and Odd, half each",
    "divide 30 by two for Mira and Odd",
    "30 for Mira and Odd, fifty-fifty",
    "Mira and Odd share 30 equally",
    "teil 30 Euro zwischen Mira und Odd auf",
    "30 Euro halbe halbe an Mira und Odd",
    "gib Mira und Odd je die Hälfte von 30",
    "two tips today: Mira 15 and Odd 15",
    "two from the deck for my crew: Mira 15 and Odd 15",
    "2 things: Mira 15, Odd 15",
    "zwei sachen: 15 an Mira und 15 an Odd",
    "15 Euro an Mira und 15 an Odd Lien",
    "15 each to Mira and Odd",
  ])("%s: to each of them", (text) => {
    const [odd, mira] = talk(text)[0]?.toReversed() ?? [];
    expect(mira).toMatchObject({ to: "Mira Holm", amount: "15.00 EUR" });
    expect(odd).toMatchObject({ to: "Odd Lien", amount: "15.00 EUR" });
  });

  it.each(["split 30 between Mira, Odd and me", "split 25.01 between Mira and Odd", "give Mira half of 30"])(
    "%s: whose share that is, or how much, is asked",
    (text) => {
      expect(talk(text)).toEqual([[expect.any(String)]]);
    },
  );

  it.each([
    "15 euros each to Odd and to a mate called Kofi",
    "Odd and Kofi 15 each",
    "15 each to Odd and my friend Kofi",
    "15 each for Odd, Kofi",
    "je 15 an Odd und einen Kumpel namens Kofi",
    "Odd und Kofi je 15",
  ])("%s: who is not known is named, and the other gets it", (text) => {
    expect(talk(text)).toEqual([[{ to: "Odd Lien", amount: "15.00 EUR" }, expect.stringMatching(/[“„]Kofi[”“]/u)]]);
  });

  it.each([
    "Mira, the soup from tuesday, 20 even",
    "the bill from last friday for Mira, 20 please",
    "20 to Mira this month",
    "20 to Mira by friday",
    "Mira needs 20 before the weekend, send it to her",
    "Mira hat am Dienstag eingekauft, 20 an sie bitte",
    "die Rechnung vom 3. November: 20 an Mira",
    "Mira kriegt diesen Monat 20",
    "noch diese Woche 20 an Mira",
    "the soup on thursday, Mira cooked it, 20 back to her",
  ])("%s: when it was, or has to be there, puts nothing off", (text) => {
    expect(talk(text)[0]?.[0]).toMatchObject({ to: "Mira Holm", amount: "20.00 EUR" });
  });

  it.each([
    "20 to Mira, but not from the deck, take it from the galley",
    "Mira 20. not out of the deck purse, the galley",
    "20 for Mira from the galley and not from the deck",
    "20 an Mira, aber nicht von deck, von galley",
    "gib Mira 20, von galley statt deck",
    "20 to Mira, galley, not deck",
  ])("%s: what it does not come from stops nothing", (text) => {
    expect(talk(text)).toEqual([[{ to: "Mira Holm", amount: "20.00 EUR", from: "galley" }]]);
  });

  it.each(["give Mira 1.234 euros", "give Mira 1.234", "gib Mira 1,234 Euro"])(
    "%s: a thousand, or one and a bit",
    (text) => {
      expect(talk(text)).toEqual([[expect.stringMatching(/cannot read|nicht zweifelsfrei/u)]]);
    },
  );

  it.each([
    ["shift 5 euros deck -> galley", { to: "galley", from: "deck" }],
    ["shift 5 euros galley=>deck", { to: "deck", from: "galley" }],
    ["shift 5 euros from the galley to the deck purse", { to: "deck", from: "galley" }],
    ["shift 5 euros to the deck purse from the galley", { to: "deck", from: "galley" }],
    ["deck 5 euros into galley", { to: "galley", from: "deck" }],
    ["shift 5 euros to the deck, no, galley", { to: "galley" }],
  ])("%s: between two that may be either", (text, sides) => {
    expect(talkWith("shift", text)).toEqual([[{ ...sides, amount: "5.00 EUR" }]]);
  });

  it.each(["shift 5 euros deck galley", "deck, galley, 5 euros", "shift 5 euros to the deck then galley"])(
    "%s: which is which is not guessed",
    (text) => {
      expect(talkWith("shift", text)).toEqual([[expect.stringContaining("Into which purse?")]]);
    },
  );

  it.each([
    ["give tip", "Peter", "Klaus", "Wolfgang"],
    ["give 20 euros", "to Peter", "to Klaus", "to Wolfgang"],
  ])("%s, %s, %s: after two that are not known, those that are can be chosen", (...lines) => {
    let dialogue: Dialogue = [];
    const entities = { now, timeZone: "Europe/Berlin", locale: "en", currency: "EUR", direction: "future" } as const;
    const steps = [...lines, "the second one"].map((text, at) => {
      const heard = { text, language: "en", isOther: false, tool: at === 0 ? "give_tip" : undefined };
      const [step] = advance(dialogue, heard, { tools, entities, named }) ?? [];
      dialogue = step?.dialogue ?? dialogue;
      return step;
    });
    const asked = steps.flatMap((step) => (step?.kind === "ask" ? [step] : []));
    const all = ["Mira Holm", "Odd Lien", "Kari Lien"];
    expect(asked.slice(0, 4).map(({ choices }) => choices)).toEqual([undefined, undefined, all, all]);
    expect(asked.slice(0, 4).map(({ isUnknown }) => isUnknown === true)).toEqual([false, true, true, true]);
    expect(asked[2]?.text).toContain("Klaus");
    const [frame] = dialogue;
    expect(frame?.slots["to"]?.value).toBe("Odd Lien");
    expect(frame).not.toHaveProperty("unknown");
  });

  it("is asked about where anything of it is open, unknown, or said of several", () => {
    expect(talk("tip Mira")).toEqual([["How much for Mira Holm?"]]);
    expect(talk("give Lien 20")[0]?.[0]).toContain("Odd Lien or Kari Lien");
    expect(talk("give 20 to Zacharias")[0]?.[0]).toContain("I do not know “Zacharias”");
    expect(talk("20 to Mira and Odd")[0]?.[0]).toContain("one at a time");
    expect(talk("give Mira 20 every week")[0]?.[0]).toContain("once");
  });

  it.each(["did Mira get 20 euros?", "should I give Mira 20?", "Odd said: give Mira 20"])("%s is none", (text) => {
    expect(talk(text)).toEqual([undefined]);
  });

  it.each([
    "it is her exam on monday so give Mira 20",
    "shove 20 over to Mira she's been on at me all week",
    "give Mira 20, I'm seeing her tonight and I can't bring cash",
    "20 to Mira because the boat leaves tomorrow",
    "Mira 20 mittagessen",
    "give Mira 20 extra",
    "20 to Mira, that was her half of the soup",
    "20 an Mira, das war ihre Hälfte",
    "do Mira 20 for the soup",
    "ok do 20 to Mira",
    "gib Mira 20 wia jeden Monat halt",
    "another 20 for Mira via carrier pigeon",
    "Mira should get 20, twenty all in",
    "gib Mira mal 20 rüber, sie hat neulich die Suppe ausgelegt",
    "gib Mira 20, reicht dicke",
    "gib Mira 20 sonst bin ich weg",
    "kannste Mira 20 machn is fürs Tanken gestern",
    "gib der Mira bitte 20 Tacken, alles auf einmal",
    "schieb 20 an Mira, sie schreibt nächste Woche ihre Prüfung",
  ])("%s: talk around it holds nothing back", (text) => {
    expect(talk(text)[0]?.[0]).toMatchObject({ to: "Mira Holm", amount: "20.00 EUR" });
  });

  it.each([
    "give Mira 20 if she is on board",
    "only give Mira 20 provided there is enough",
    "give Mira 20 unless Odd did",
    "give Mira 20 on friday",
    "20 to Mira tomorrow please",
    "give Mira 20 dollars",
    "give Mira 20 ringgit",
    "give Mira up to 20",
    "at least 20 to Mira",
    "about 20 to Mira",
    "give Mira half of the 20",
    "give Mira 20 minus the fees",
    "give Mira 20 or 30",
    "give 20 to Mira or Odd",
    "gib Mira 20 wenn sie da ist",
    "gib Mira 20 sofern genug da ist",
    "gib Mira höchstens 20",
    "gib Mira am Freitag 20",
    "gib Mira jede Woche 20",
  ])("%s: what changes who gets what and when is asked about", (text) => {
    expect(talk(text)).toEqual([[expect.any(String)]]);
  });

  it.each([
    ["give Mira four twenties", "80.00 EUR"],
    ["a score and a fiver to Mira, twenty five all in", "25.00 EUR"],
    ["3 extra watches at 23.50 apiece for Mira", "70.50 EUR"],
    ["ten fifty to Mira", "10.50 EUR"],
    ["give Mira 1.2k", "1200.00 EUR"],
    ["one and a half grand to Mira", "1500.00 EUR"],
    ["2 x 12,50 for Mira", "25.00 EUR"],
    ["give Mira 20 plus 5", "25.00 EUR"],
    ["gib Mira zwo fuffzig", "2.50 EUR"],
    ["gib Mira drei Fuffis", "150.00 EUR"],
    ["gib Mira anderthalb tausend", "1500.00 EUR"],
    ["gib Mira 3 Wachen zu je 15 Euro", "45.00 EUR"],
  ])("%s: sums as they are spoken", (text, amount) => {
    expect(talk(text)[0]?.[0]).toMatchObject({ to: "Mira Holm", amount });
  });

  it.each(["give 20 to Mira's sister", "gib Mira Schmidt 20", "20 to Odd Berg please"])(
    "%s: somebody else is named",
    (text) => {
      expect(talk(text)).toEqual([[expect.stringMatching(/do not know|kenne ich nicht/u)]]);
    },
  );

  it.each(["20 to Mira from my sea chest", "20 to Mira from Odd", "20 an Mira von meiner Seekiste"])(
    "%s: names where it comes from, which is not known",
    (text) => expect(JSON.stringify(talk(text))).not.toContain("amount"),
  );

  it("is of the one who gets it, not of whom the sum came from", () => {
    expect(talk("give Odd's 20 euros to Mira")).toEqual([[expect.objectContaining({ to: "Mira Holm" })]]);
  });

  it("is not made of a refusal", () => {
    expect(talk("don't give Mira 20 euros")).toEqual([["All right, I prepare nothing."]]);
  });
});

describe("an IBAN", () => {
  const [right, wrong] = ["DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01"];
  const saved = { name: "Vera Quist", iban: right.replaceAll(" ", "") };

  it.each([
    [["add a patron", "Vera Quist", wrong, right]],
    [["add a patron", wrong, right, "Vera Quist"]],
    [[`add Vera Quist as a patron with iban ${wrong}`, right]],
    [["add a patron", `Vera Quist ${wrong}`, right]],
  ])("with a typing error is told and asked for again: %j", (lines) => {
    const said = talkWith("add_patron", ...lines);
    const at = lines.findIndex((line) => line.includes(wrong));
    expect(said[at]?.[0]).toBe(`“${wrong}” is not right: its length or check digits do not fit an IBAN. Which IBAN?`);
    expect(said.at(-1)).toEqual([saved]);
  });
});

describe("what follows an order", () => {
  it.each([
    ["no, 60", { to: "Mira Holm", amount: "60.00 EUR" }],
    ["make that 80", { to: "Mira Holm", amount: "80.00 EUR" }],
    ["to Kari instead", { to: "Kari Lien", amount: "20.00 EUR" }],
    ["from the galley", { to: "Mira Holm", amount: "20.00 EUR", from: "galley" }],
    ["to Kari too", { to: "Kari Lien", amount: "20.00 EUR" }],
    ["argh no, wrong one!! it was Odd who cooked", { to: "Odd Lien", amount: "20.00 EUR" }],
    ["oh no, that's the wrong person, Odd made it", { to: "Odd Lien", amount: "20.00 EUR" }],
    ["ach nein, falsch, das war Odd", { to: "Odd Lien", amount: "20.00 EUR" }],
    ["hang on, that's a bit much this month, let's say 15 instead", { to: "Mira Holm", amount: "15.00 EUR" }],
    ["hm, 15 will do", { to: "Mira Holm", amount: "15.00 EUR" }],
    ["15 is plenty", { to: "Mira Holm", amount: "15.00 EUR" }],
    ["15 tun es auch", { to: "Mira Holm", amount: "15.00 EUR" }],
    ["15 reichen auch", { to: "Mira Holm", amount: "15.00 EUR" }],
  ])("%s", (text, expected) => {
    expect(talk("give Mira 20", text)[1]).toEqual([expected]);
  });

  it.each([
    ["give Odd 20", "give 10 to Mira, no wait, to Odd", { to: "Odd Lien", amount: "10.00 EUR" }],
    ["give Mira 35", "give 25, sorry, 35 to Mira", { to: "Mira Holm", amount: "35.00 EUR" }],
    ["give Mira 35 from the galley", "give Mira 25, I mean 35", { to: "Mira Holm", amount: "35.00 EUR" }],
    ["gib Odd 20", "gib Mira 10, nein, Odd", { to: "Odd Lien", amount: "10.00 EUR" }],
    ["give Odd 20", "no, to Mira, sorry, to Odd", { to: "Odd Lien", amount: "20.00 EUR" }],
    ["give Odd 20", "no, to Mira, not to Odd", { to: "Mira Holm", amount: "20.00 EUR" }],
  ])("%s, %s: what is put right within a message counts, whatever came before", (before, text, expected) => {
    expect(talk(before, text)[1]).toEqual([expected]);
  });

  it.each([
    ["give 25", "who is Mira?", "Mira", { to: "Mira Holm", amount: "25.00 EUR" }],
    ["give 25", "is Mira on board?", "Odd", { to: "Odd Lien", amount: "25.00 EUR" }],
    ["give 25", "wer ist Mira", "Odd", { to: "Odd Lien", amount: "25.00 EUR" }],
    ["tip Mira", "Odd owes me money", "25", { to: "Mira Holm", amount: "25.00 EUR" }],
    ["tip Mira", "I spent 40 euros at the cinema yesterday", "25", { to: "Mira Holm", amount: "25.00 EUR" }],
    ["tip Mira", "show what Odd got over 50 euros", "25", { to: "Mira Holm", amount: "25.00 EUR" }],
  ])("%s, %s, %s: a question or a remark is no answer", (order, remark, answer, expected) => {
    expect(talk(order, remark, answer)[2]).toEqual([expected]);
  });

  it.each(["oh dunno, 30?", "30?", "hm, maybe 30?", "so 30?", "puh, 30?"])("tip Mira, %s: is an answer", (answer) => {
    expect(talk("tip Mira", answer)[1]).toEqual([{ to: "Mira Holm", amount: "30.00 EUR" }]);
  });

  it.each(["give 20 to Karl Holm", "20 to Mirja Holm please"])("%s: another first name is somebody else", (order) => {
    const [asked] = talk(order)[0] ?? [];
    expect(JSON.stringify(asked)).toMatch(/Mira Holm/u);
    expect(asked).not.toMatchObject({ to: "Mira Holm" });
  });

  it.each(["give 20 to Mrs Holm", "gib Frau Holm 20", "20 to Mira Holm"])("%s: a title is no name", (order) => {
    expect(talk(order)[0]).toEqual([{ to: "Mira Holm", amount: "20.00 EUR" }]);
  });

  it.each([
    ["give Mira 62", "wait, to whom does it go, and does the account end in 585?"],
    ["give Mira 62", "hold on, which account is that from, the one with 300?"],
    ["gib Mira 62", "moment, an wen genau geht das und hört die IBAN auf 585 auf?"],
    ["gib Mira 62", "halt, wann kommt das an, noch am 24.?"],
  ])("%s, %s: a question about an order changes nothing of it", (order, question) => {
    expect(talk(order, question)[1] ?? []).toEqual([]);
  });

  it.each([
    ["tip Mira", "it's 25", { to: "Mira Holm", amount: "25.00 EUR" }],
    ["tip Mira", "25?", { to: "Mira Holm", amount: "25.00 EUR" }],
    ["tip Mira", "no, Odd gets 25, Mira complained", { to: "Odd Lien", amount: "25.00 EUR" }],
    ["give 25", "to Mira from the galley please", { to: "Mira Holm", amount: "25.00 EUR", from: "galley" }],
  ])("%s, %s: an answer is one with other values and words", (order, answer, expected) => {
    expect(talk(order, answer)[1]).toEqual([expected]);
  });

  it("takes an answer with words around it that it did not understand", () => {
    expect(talk("tip Mira", "the pancakes cost 25")[1]).toEqual([{ to: "Mira Holm", amount: "25.00 EUR" }]);
  });

  it("answers with one of several readings, as it was offered", () => {
    for (const [text, amount] of [
      ["€1.00", "1.00 EUR"],
      ["€1,000.00", "1000.00 EUR"],
      ["the second", "1000.00 EUR"],
    ] as const)
      expect(talk("give Mira 1.000 euros", text)[1]).toEqual([{ to: "Mira Holm", amount }]);
  });

  it.each([
    ["give Mira 20", "Mira's ought to read 46", { to: "Mira Holm", amount: "46.00 EUR" }],
    ["give Mira 20", "auch so viel an Odd", { to: "Odd Lien", amount: "20.00 EUR" }],
    ["give Mira 20", "odd also gets as much", { to: "Odd Lien", amount: "20.00 EUR" }],
    ["give Mira 20", "and she gets 5 for the soup", { to: "Mira Holm", amount: "5.00 EUR" }],
  ])("%s, %s: in other words", (order, words, expected) => {
    expect(talk(order, words)[1]?.[0]).toMatchObject(expected);
  });

  it("answers with a name, a place in the list, or a yes", () => {
    expect(talk("give Lien 20", "Kari")[1]).toEqual([{ to: "Kari Lien", amount: "20.00 EUR" }]);
    expect(talk("give Lien 20", "the second one")[1]).toEqual([{ to: "Kari Lien", amount: "20.00 EUR" }]);
    expect(talk("give Mira 20 every week", "yes")[1]).toEqual([{ to: "Mira Holm", amount: "20.00 EUR" }]);
  });
});
