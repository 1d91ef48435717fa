import { expect, it } from "vitest";
import { findNamed } from "./named.ts";
import { wordsOf } from "./words.ts";

const names = Array.from({ length: 500 }, (_, index) => `bank${index} harbour`);

/** How often words are looked at for this many names in a text of this many marks. */
function looksAt(marks: number, most: number): number {
  let looks = 0;
  const words = wordsOf(".".repeat(marks)).map((word) => ({
    ...word,
    get form() {
      looks += 1;
      return word.form;
    },
  }));
  findNamed(
    words,
    names.slice(0, most).map((name) => ({ value: name, names: [name] })),
  );
  return looks;
}

it("looks at each word once, however many names there are", () => {
  expect(looksAt(20_000, 500)).toBe(looksAt(20_000, 1));
  expect(looksAt(20_000, 500)).toBe(2 * looksAt(10_000, 500));
});

it("finds a longer name before a shorter one, with a slip before one without", () => {
  const values = [
    { value: "jana", names: ["Jana"] },
    { value: "novak", names: ["Jana Novak"] },
  ];
  expect(findNamed(wordsOf("to Jana Nowak, and Jana's"), values)).toEqual([
    { value: "novak", rivals: [], isNear: false, from: 1, next: 3 },
    { value: "jana", rivals: [], isNear: false, from: 5, next: 6 },
  ]);
});
