import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import type { Dialogue } from "../../core/dialogue.ts";
import { advance } from "./advance.ts";
import { takenUpAgain } from "./open-question.ts";
import { commonWords } from "../understanding/slots/tagger.ts";
import { askedTools } from "./asked-tools.ts";
import type { Heard } from "./step.ts";

const basics = { description: "…", risk: "low", confirmation: "never", scopes: ["public"], depends: "public" } as const;

const ferry = defineTool({
  ...basics,
  name: "find_ferry",
  input: z.strictObject({
    port: z.string(),
    date: z.iso.date().optional(),
    ticket: z.enum(["foot", "car"]).optional(),
  }),
  language: {
    en: {
      title: "find a ferry",
      asks: [
        "when does the ferry leave for {port}",
        "ferries to {port} {date}",
        "i need to get to {port} on {date} with a car",
        "is there a boat to {port} {date}",
        "{port} ferry times",
        "boats {date}",
        "next crossing to {port} please",
        "show me the sailings for {date} to {port}",
        "take me to {port}",
        "how do i get across to {port} {date}",
      ],
      slots: {
        port: { ask: "To which port?" },
        ticket: { names: { foot: ["on foot", "foot passenger"], car: ["car", "with a car"] } },
      },
      says: ["{port}: {time}."],
    },
    de: {
      title: "eine Fähre suchen",
      asks: ["wann geht die fähre nach {port}", "fähren nach {port} {date}", "gibt es {date} ein schiff nach {port}"],
      slots: { port: { ask: "Zu welchem Hafen?" } },
    },
  },
  execute: async () => ({ value: { port: "", time: "" } }),
});
const totals = defineTool({
  ...basics,
  name: "add_up",
  input: z.strictObject({ values: z.string(), by: z.string() }),
  language: {
    en: {
      title: "add things up",
      asks: [
        "sum of {values} by {by}",
        "add up {values} by {by}",
        "total {values} per {by}",
        "plot {values} over {by}",
      ],
      slots: { values: { ask: "Of what?" }, by: { ask: "By what?" } },
    },
  },
  execute: async () => ({ value: {} }),
});
const table = defineTool({
  ...basics,
  name: "book_table",
  input: z.strictObject({ guests: z.number(), date: z.iso.date() }),
  language: {
    en: {
      title: "book a table",
      asks: ["book a table for {guests} on {date}", "table for {guests}", "we would like to eat on {date}"],
      slots: { guests: { ask: "For how many people?" }, date: { ask: "On which day?" } },
    },
  },
  execute: async () => ({ value: {} }),
});

const gate = defineTool({
  ...basics,
  confirmation: "always",
  name: "open_gate",
  input: z.strictObject({ gate: z.string() }),
  language: {
    en: {
      title: "open a gate",
      asks: ["open gate {gate}", "let me in at {gate}"],
      slots: { gate: { ask: "Which gate?" } },
    },
  },
  propose: async () => ({ summary: "…" }),
  execute: async () => ({ value: {} }),
});

const tools = askedTools(
  [ferry, table, gate, totals],
  commonWords(["what does a ticket cost", "thank you very much", "what can you do for me"]),
);
const now = new Date("2026-11-21T09:00:00Z");
const entities = { now, timeZone: "Europe/Berlin", locale: "en-GB", currency: "EUR", direction: "future" } as const;

/** A conversation: each line with the tool that it asks for by itself. */
function talk(...lines: readonly (readonly [text: string, tool?: string])[]) {
  let dialogue: Dialogue = [];
  return lines.map(([text, tool]) => {
    const heard: Heard = {
      text,
      language: /ü|ä|nach/u.test(text) ? "de" : "en",
      tool: tool === "other" ? undefined : tool,
      isOther: tool === "other",
    };
    const step = advance(dialogue, heard, { tools, entities })?.at(-1);
    dialogue = step?.dialogue ?? dialogue;
    if (step === undefined) return undefined;
    if (step.kind !== "call") return step.text;
    const { slots, tool: name } = step.frame;
    return { tool: name, ...Object.fromEntries(Object.entries(slots).map(([field, { value }]) => [field, value])) };
  });
}

describe("a request", () => {
  it("is called with what its sentence names", () => {
    expect(talk(["is there a boat to Port Ellen tomorrow?", "find_ferry"])).toEqual([
      { tool: "find_ferry", port: "Port Ellen", date: "2026-11-22" },
    ]);
    expect(talk(["I need to get to Uig with a car", "find_ferry"])).toEqual([
      { tool: "find_ferry", port: "Uig", ticket: "car" },
    ]);
    expect(talk(["Gibt es am Montag ein Schiff nach Norderney?", "find_ferry"])).toEqual([
      { tool: "find_ferry", port: "Norderney", date: "2026-11-23" },
    ]);
  });

  it("asks for what is missing, in the person's language, and takes the answer", () => {
    expect(talk(["any boats tomorrow?", "find_ferry"], ["to Uig please"])).toEqual([
      "To which port?",
      { tool: "find_ferry", port: "Uig", date: "2026-11-22" },
    ]);
    expect(talk(["wann fährt die Fähre", "find_ferry"], ["nach Föhr"])).toEqual([
      "Zu welchem Hafen?",
      { tool: "find_ferry", port: "Föhr" },
    ]);
    expect(talk(["a table please", "book_table"], ["4"], ["Friday"])).toEqual([
      "For how many people?",
      "On which day?",
      { tool: "book_table", guests: 4, date: "2026-11-27" },
    ]);
  });

  it("takes a name of several words, and no more than the name", () => {
    const port = (...texts: readonly string[]) =>
      talk(["any boats?", "find_ferry"], ...texts.map((one) => [one] as const));
    for (const text of ["Isle of Gigha. Obviously.", "Isle of Gigha, where else"])
      expect(port(text)[1]).toEqual({ tool: "find_ferry", port: "Isle of Gigha" });
  });

  it("says which words did not fit, and asks again", () => {
    expect(talk(["a table for 4", "book_table"], ["some time next month"])).toEqual([
      "On which day?",
      "“next month” does not fit there. On which day?",
    ]);
    expect(talk(["a table please", "book_table"], ["a whole lot of folks"])).toEqual([
      "For how many people?",
      "I did not understand “a whole lot of folks” there. For how many people?",
    ]);
  });
});

describe("more than a tool takes at once", () => {
  it("is said and asked about, never cut down to the first", () => {
    expect(talk(["a table for 4 on Monday or Tuesday", "book_table"], ["Tuesday"])).toEqual([
      "I take one at a time, and you named “Monday or Tuesday”. On which day?",
      { tool: "book_table", guests: 4, date: "2026-11-24" },
    ]);
  });

  it("is looked at one by one, where it only limits what is looked at", () => {
    const heard = { text: "ferries to Uig on foot or with a car", language: "en", tool: "find_ferry", isOther: false };
    const steps = advance([], heard, { tools, entities });
    expect(steps?.map((step) => step.kind === "call" && step.frame.slots["ticket"]?.value)).toEqual(["foot", "car"]);
  });
});

describe("a request with effects", () => {
  it("is not repeated by a question that names nothing of it", () => {
    expect(talk(["open gate Nine", "open_gate"], ["what does an open gate mean?", "open_gate"])).toEqual([
      { tool: "open_gate", gate: "Nine" },
      undefined,
    ]);
    expect(talk(["how does an open gate look", "open_gate"])).toEqual([undefined]);
    expect(talk(["can you open gate Nine?", "open_gate"])).toEqual([{ tool: "open_gate", gate: "Nine" }]);
    expect(talk(["open gate Nine", "open_gate"], ["open a gate please", "open_gate"])[1]).toBe("Which gate?");
  });
});

describe("what follows a request", () => {
  const asked = ["ferries to Uig tomorrow", "find_ferry"] as const;
  const ferryTo = (port: string, date = "2026-11-22") => ({ tool: "find_ferry", port, date });

  it.each([
    ["no, Lochmaddy", ferryTo("Lochmaddy")],
    ["sorry, I meant Tarbert", ferryTo("Tarbert")],
    ["and on Monday?", ferryTo("Uig", "2026-11-23")],
    ["what about Lochmaddy?", ferryTo("Lochmaddy")],
    ["make that Tuesday", ferryTo("Uig", "2026-11-24")],
    ["with a car", { ...ferryTo("Uig"), ticket: "car" }],
    ["Tarbert, not Uig", ferryTo("Tarbert")],
    ["and the day after that?", ferryTo("Uig", "2026-11-23")],
    ["no, one day earlier", ferryTo("Uig", "2026-11-21")],
    ["and a week later?", ferryTo("Uig", "2026-11-29")],
    ["back to the 24th, to Tarbert", ferryTo("Tarbert", "2026-11-24")],
    ["and to Port Ellen on Monday", ferryTo("Port Ellen", "2026-11-23")],
  ])("%s", (text, expected) => {
    expect(talk(asked, [text])).toEqual([ferryTo("Uig"), expected]);
  });

  it("takes a word behind the one that leads a field, where several take any words", () => {
    const summed = { tool: "add_up", values: "rainfall", by: "valley" };
    expect(talk(["sum of rainfall by valley", "add_up"], ["and by month?"])).toEqual([
      summed,
      { ...summed, by: "month" },
    ]);
  });

  it("leaves alone what is something else", () => {
    expect(talk(asked, ["thanks a lot", "other"])[1]).toBeUndefined();
    expect(talk(asked, ["what does a ticket for children cost?", "other"])[1]).toBeUndefined();
    expect(talk(asked, ["no", "other"])[1]).toBeUndefined();
  });

  it("is not about a request that is half an hour old", () => {
    const dialogue: Dialogue = [{ tool: "find_ferry", slots: {}, asked: "port", at: "2026-11-21T08:29:59.000Z" }];
    const heard = { text: "Uig", language: "en", isOther: false };
    expect(advance(dialogue, heard, { tools, entities })).toBeUndefined();
  });
});

describe("an open question", () => {
  it("can be left with words", () => {
    expect(talk(["a table for 4", "book_table"], ["never mind"], ["Friday"])).toEqual([
      "On which day?",
      "All right, I leave that.",
      undefined,
    ]);
  });

  it.each(["I changed my mind", "no, I've changed my mind", "exit", "none of them", "oh, forget about it"])(
    "can be left with words: %s",
    (text) => {
      expect(talk(["a table for 4", "book_table"], [text])[1]).toBe("All right, I leave that.");
    },
  );

  it("can be left with words in German", () => {
    expect(talk(["wann fährt die Fähre", "find_ferry"], ["ich hab es mir anders überlegt"])[1]).toContain(
      "lasse ich das",
    );
  });

  it("is asked again, and takes no words that go back to it for its answer", () => {
    expect(talk(["a table for 4", "book_table"], ["where were we?"], ["Friday"])).toEqual([
      "On which day?",
      "On which day?",
      { tool: "book_table", guests: 4, date: "2026-11-27" },
    ]);
  });

  it("waits while another request is answered, and is asked again", () => {
    expect(talk(["a table for 4", "book_table"], ["ferries to Uig", "find_ferry"], ["back to the table"])).toEqual([
      "On which day?",
      { tool: "find_ferry", port: "Uig" },
      "On which day?",
    ]);
    const open = { tool: "book_table", slots: {}, asked: "date", at: now.toISOString() };
    const done = { tool: "find_ferry", slots: {}, at: now.toISOString() };
    expect(takenUpAgain([done, open], tools, "en")).toEqual({
      text: "Back to what you asked before (book a table). On which day?",
      dialogue: [open, done],
    });
    expect(takenUpAgain([open, done], tools, "en")).toBeUndefined();
  });
});
