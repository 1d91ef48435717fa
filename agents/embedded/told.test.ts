import { describe, expect, it } from "vitest";
import { formOf, type Told, tellInWords } from "./told.ts";

const told = (quote: string, passage = "", location = "Prices"): Told => ({
  title: "Fees",
  location,
  quote,
  ...formOf(quote, passage),
});
const tell = (...all: readonly Told[]): string => tellInWords(all, 60).text;

describe("what is told", () => {
  it("is a sentence with the number of its source", () => {
    expect(tell(told("A new card costs €9.00."))).toBe("A new card costs €9.00. [1]");
  });

  it("says of a row its name and values, with the titles of their columns where there are several", () => {
    expect(tell(told("Express | €18.00", "Service | Price\nExpress | €18.00"))).toBe("Express: €18.00 [1]");
    expect(tell(told("Gold | €79 | none", "Card | Fee | Limit"))).toBe("Gold: Fee €79, Limit none [1]");
  });

  it("names each value by its title where that is a figure, as a year is", () => {
    expect(tell(told("14.1% | 4.3% | 11.2%", "2019 | 2020 | 2021"))).toBe("2019 14.1%, 2020 4.3%, 2021 11.2% [1]");
  });

  it("makes a table of several rows of one place", () => {
    const rows = ["Gold | €79", "Classic | €29"].map((row) => told(row, "Card | Fee"));
    expect(tell(...rows)).toBe("| Card | Fee |\n| - | - |\n| Gold [1] | €79 |\n| Classic [2] | €29 |");
  });

  it("leaves out what there is no room for, and its source", () => {
    const long = told(Array.from({ length: 70 }, (_, at) => `word${at}`).join(" "), "", "Elsewhere");
    const { text, sources } = tellInWords([told("A new card costs €9.00."), long], 60);
    expect(text).toBe("A new card costs €9.00. [1]");
    expect(sources).toEqual([{ title: "Fees", location: "Prices", quote: "A new card costs €9.00." }]);
  });

  it("keeps the marks of documents plain", () => {
    expect(tell(told("It costs *nothing*."))).toContain(String.raw`\*nothing\*`);
  });
});
