import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import type { ToolContext } from "../../core/tool.ts";
import { chatter, NOON, proposalIn, temporaryFolder, testEnvironment } from "../../test/support/bank-chat.ts";
import { createToolset, type OpenToolset } from "./index.ts";

let folder: ReturnType<typeof temporaryFolder>;
let toolset: OpenToolset | undefined;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(async () => {
  await toolset?.close();
  toolset = undefined;
  folder.remove();
});

const readNote = defineTool({
  name: "read_note",
  description: "Reads a note.",
  input: z.strictObject({}),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  execute: async () => ({ value: { note: "The table is for 12 in the name of Weber" } }),
});

let booked: unknown;

const book = defineTool({
  name: "book_table",
  description: "Books a table.",
  input: z.strictObject({
    host: z.string().optional(),
    name: z.string().optional(),
    guests: z.number().optional(),
    extra_dishes: z.array(z.string()).optional(),
    isQuiet: z.boolean().optional(),
  }),
  slots: { host: { entity: "host" }, name: { entity: "text" }, guests: { entity: "number" } },
  language: {
    en: { title: "book", asks: ["book a table"], slots: { guests: { label: "Guests" }, name: { label: "Name" } } },
    de: { title: "buchen", asks: ["einen Tisch buchen"], slots: { guests: { label: "Gäste" } } },
  },
  risk: "medium",
  confirmation: "always",
  scopes: ["public"],
  depends: "user",
  propose: async () => ({ summary: "Book a table" }),
  execute: async (_input, { confirmed }) => {
    booked = confirmed;
    return { value: { message: "Booked." } };
  },
});

async function propose(input: Record<string, unknown>, more: Partial<ToolContext> & { readonly reads?: boolean } = {}) {
  const { reads, ...context } = more;
  const clock = { now: NOON };
  toolset ??= await createToolset({
    bot: "harbour",
    tools: [book, readNote],
    databases: sqliteDatabases(folder.path),
    files: directoryFiles(folder.path),
    environment: testEnvironment(clock),
    telemetry: silentTelemetry,
    entities: [async () => [{ kind: "host", value: "h7", names: ["Emre"] }]],
  });
  const guest = chatter(toolset, clock);
  const turn = toolset.forTurn(guest.contextFor(JSON.stringify([input, more]), context));
  if (reads === true) await turn.call("read_note", {}, "read");
  const proposal = proposalIn(await turn.call("book_table", input, "book"));
  return { guest, proposal, elsewhere: proposal.facts?.find(({ tone }) => tone === "caution") };
}

describe("a card says of values that its requester did not write where they came from", () => {
  const userTexts = ["a table for 6 at Emre, name of Meyer"];

  it("nothing, where all of it is theirs", async () => {
    const { elsewhere } = await propose({ host: "h7", guests: 6, name: "Meyer", isQuiet: true }, { userTexts });
    expect(elsewhere).toBeUndefined();
  });

  it.each([
    [
      "quoted words",
      { otherWords: [{ from: "quoted", text: "we will be 12" }] },
      "Guests: from quoted or pasted words",
    ],
    ["a file", { otherWords: [{ from: "document", text: "12 people" }] }, "Guests: from a document"],
    ["memory", { otherWords: [{ from: "remembered", text: "a family of 12" }] }, "Guests: from my memory"],
    ["another tool's answer", { reads: true }, "Guests: from another answer"],
    ["nowhere", {}, "Guests: filled in by me"],
  ] as const)("%s", async (_from, more, said) => {
    const { elsewhere } = await propose({ guests: 12, name: "Meyer" }, { userTexts, ...more });
    expect(elsewhere).toMatchObject({ label: "Not in your own words", value: said });
  });

  it("what the tool pack knows by name, unless others named it", async () => {
    expect((await propose({ host: "h7" }, { userTexts: ["as always"] })).elsewhere?.value).toBe("host: saved before");
    const otherWords = [{ from: "quoted", text: "go to Emre" }] as const;
    const heard = await propose({ host: "h7" }, { userTexts: ["do that"], otherWords });
    expect(heard.elsewhere?.value).toBe("host: from quoted or pasted words");
  });

  it("in the requester's language, several in one line, each of a list looked at", async () => {
    const input = { guests: 12, name: "Weber", extra_dishes: ["soup"] };
    const { elsewhere } = await propose(input, { userTexts: ["für Weber"], locale: "de-DE" });
    expect(elsewhere?.label).toBe("Nicht in deinen eigenen Worten");
    expect(elsewhere?.value).toBe("Gäste: von mir ergänzt; extra dishes: von mir ergänzt");
  });

  it("and what is confirmed is the call as the tool described it", async () => {
    const { guest, proposal } = await propose({ guests: 12 }, { userTexts });
    expect((await guest.press(`confirm:${proposal.id}`))?.text).toBe("Booked.");
    expect(booked).toEqual({ summary: "Book a table" });
  });
});
