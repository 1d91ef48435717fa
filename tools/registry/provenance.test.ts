import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import type { NamedEntity } from "../../core/teaching.ts";
import { chatter, NOON, temporaryFolder, testEnvironment } from "../../test/support/bank-chat.ts";
import { createToolset, type OpenToolset } from "./index.ts";

let folder: ReturnType<typeof temporaryFolder>;
let toolset: OpenToolset | undefined;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(async () => {
  await toolset?.close();
  toolset = undefined;
  folder.remove();
});

const said = { provenance: "own-words" } as const;

/** Books a table: whatever a model reads in a document, these values are the guest's. */
const book = defineTool({
  name: "book_table",
  description: "Books a table.",
  input: z.strictObject({
    room: z.enum(["garden", "main_hall"]).optional(),
    host: z.string().optional(),
    name: z.string().optional(),
    guests: z.number().optional(),
    day: z.iso.date().optional(),
    deposit: z.strictObject({ minor: z.number(), currency: z.string() }).optional(),
    phone: z.string().optional(),
    iban: z.string().optional(),
    note: z.string().optional(),
  }),
  slots: {
    room: { entity: "choice", ...said },
    host: { entity: "host", provenance: "known" },
    name: { entity: "text", ...said },
    guests: { entity: "number", ...said },
    day: { entity: "date", ...said },
    deposit: { entity: "money", ...said },
    phone: { entity: "phone", ...said },
    iban: { entity: "iban", ...said },
  },
  language: {
    en: {
      title: "book a table",
      asks: ["a table for {guests} in the {room} on {day}"],
      slots: { room: { names: { main_hall: ["the big room"] } } },
    },
  },
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  execute: async () => ({ value: "booked" }),
});

async function guest(entities: () => Promise<readonly NamedEntity[]> = async () => []) {
  const clock = { now: NOON };
  toolset = await createToolset({
    bot: "harbour",
    tools: [book],
    databases: sqliteDatabases(folder.path),
    files: directoryFiles(folder.path),
    environment: testEnvironment(clock),
    telemetry: silentTelemetry,
    entities: [entities],
    timeZone: "Europe/Berlin",
  });
  return chatter(toolset, clock);
}

describe("a value that must be the person's own", () => {
  it.each([
    [{ room: "main_hall" }, "the big room please", "the garden please"],
    [{ name: "Ruth Meyer" }, "for Ruth Meyer", "for Ruth"],
    [{ guests: 6 }, "we are six", "we are 16"],
    [{ day: "2026-11-22" }, "tomorrow", "on Friday"],
    [{ deposit: { minor: 2_000, currency: "EUR" } }, "i pay 20 euros", "i pay 200 euros"],
    [{ phone: "+4917655512345" }, "call +49 176 555 12345", "call me"],
    [{ iban: "DE89370400440532013000" }, "from DE89 3704 0044 0532 0130 00", "from my account"],
  ])("%o is taken from “%s”, and refused where they said “%s”", async (input, words, others) => {
    const person = await guest();
    person.say(others);
    expect(await person.call("book_table", input)).toMatchObject({ status: "refused", code: "tool/not-said" });
    person.say(words);
    expect(await person.call("book_table", input)).toMatchObject({ status: "done" });
  });

  it("may be one that the tool pack knows, where that is enough", async () => {
    const person = await guest(async () => [{ kind: "host", value: "h7", names: ["Emre"] }]);
    expect(await person.call("book_table", { host: "h7" })).toMatchObject({ status: "done" });
    expect(await person.call("book_table", { host: "h8" })).toMatchObject({ status: "refused", code: "tool/not-said" });
  });

  it("counts as unknown where the tool pack cannot tell, and is taken from the words all the same", async () => {
    const person = await guest(async () => await Promise.reject(new Error("the list is away")));
    person.say("at Emre");
    expect(await person.call("book_table", { host: "emre" })).toMatchObject({ status: "done" });
  });

  it("binds no field that may come from anywhere", async () => {
    const person = await guest();
    expect(await person.call("book_table", { note: "window seat" })).toMatchObject({ status: "done" });
  });
});
