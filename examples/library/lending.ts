import { defineTool, InvalidInputError, type Tool, type ToolPackFactory } from "parleyjs/adapter";
import { z } from "zod";
import { books, findBooks } from "./catalogue.ts";

/** Who reserved what, by the key of the confirmed call: the same call again gives the same reservation. */
type Reservations = Map<string, { readonly person: string; readonly book: string }>;

/** Reserves a book. Its requester confirms exactly what `propose` says; no model can. */
function reserveBook(reservations: Reservations): Tool {
  return defineTool({
    name: "reserve_book",
    description: "Reserves a book of the library for the person.",
    input: z.strictObject({ title: z.string().min(1) }),
    risk: "medium",
    confirmation: "always",
    scopes: ["private"],
    depends: "user",
    // Checks that it can be done, and says what will happen. Changes nothing.
    propose: async ({ title }) => ({ summary: `Reserve “${bookNamed(title).title}” for a week` }),
    execute: async ({ title }, { person, idempotencyKey }) => {
      const book = bookNamed(title);
      reservations.set(idempotencyKey, { person, book: book.id });
      return { value: { message: `Reserved: ${book.title}. It waits at the desk.` } };
    },
    afterwards: () => "Tell the desk that you do not need it any more.",
  });
}

function bookNamed(title: string): (typeof books)[number] {
  const book = books.find((one) => one.title.toLowerCase() === title.trim().toLowerCase());
  if (book === undefined) throw new InvalidInputError("library/unknown-book", `There is no book “${title}”.`);
  return book;
}

/** The pack that `bots.config.ts` lists. */
export function lending(): ToolPackFactory {
  return {
    name: "lending",
    summary: {},
    commands: [{ name: "books", description: "What we have about the sea", says: "find sea" }],
    open: async () => ({
      tools: [findBooks, reserveBook(new Map())],
      close: async () => {},
    }),
  };
}
