import { type CardDraft, defineTool } from "parleyjs/adapter";
import { z } from "zod";

interface Book {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly shelf: string;
  readonly copies: number;
}

export const books: readonly Book[] = [
  { id: "b1", title: "The Sea Around Us", author: "Rachel Carson", shelf: "Science 12", copies: 2 },
  { id: "b2", title: "The Waves", author: "Virginia Woolf", shelf: "Fiction 4", copies: 0 },
];

/** What a person sees of a book; each platform shows it its own way. */
export function cardOf({ id, title, author, shelf, copies }: Book, index: number): CardDraft {
  return {
    id,
    title,
    number: index + 1,
    text: `by ${author}`,
    facts: [
      { label: "Shelf", value: shelf },
      {
        label: "Copies",
        value: String(copies),
        phrase: copies === 0 ? "all lent" : `${copies} on the shelf`,
        tone: copies === 0 ? "alert" : "good",
      },
    ],
  };
}

/** Finds books by a word of their title. */
export const findBooks = defineTool({
  name: "find_books",
  description: "Finds books of the library by a word of their title.",
  input: z.strictObject({ word: z.string().min(2) }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ word }) => {
    const found = books.filter(({ title }) => title.toLowerCase().includes(word.toLowerCase()));
    return { value: { found: found.map(({ title }) => title) }, cards: found.map(cardOf) };
  },
});
