import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnCalled, columnSummaries, groupTable } from "./summary.ts";
import { readTable, type Table } from "./table.ts";

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const table = (text: string): Table => readTable(text) ?? { columns: [], rows: [], cut: false };

describe("a table", () => {
  it.each([
    ["commas", "name,amount\nrent,900\nfood,20.5\n"],
    ["semicolons and decimal commas", "name;amount\r\nrent;900\r\nfood;20,5\r\n"],
    ["tabs", "name\tamount\nrent\t900\nfood\t20.5"],
    ["a byte order mark and quotes", '\uFEFF"name","amount"\n"rent","900"\n"food","20.5"'],
    ["JSON", '[{"name":"rent","amount":900},{"name":"food","amount":20.5}]'],
    [
      "JSON with the rows in a field",
      '{"count":2,"rows":[{"name":"rent","amount":900},{"name":"food","amount":20.5}]}',
    ],
  ])("is read with %s", (_form, text) => {
    expect(table(text)).toEqual({
      columns: ["name", "amount"],
      rows: [
        { name: "rent", amount: 900 },
        { name: "food", amount: 20.5 },
      ],
      cut: false,
    });
  });

  it("keeps codes as they are written, and thousands as numbers", () => {
    const { rows } = table("postcode;sum;mixed\n01067;1.234,50;7\n20095;-3;x\n;;\n");
    expect(rows).toEqual([
      { postcode: "01067", sum: 1234.5, mixed: "7" },
      { postcode: "20095", sum: -3, mixed: "x" },
    ]);
  });

  it("gives every column a name of its own", () => {
    expect(table("a,,a\n1,2,3").columns).toEqual(["a", "column 2", "a 2"]);
  });

  it.each(["", "only words", "a,b", "[]", "{", "[1,2]", '{"a":1}', `${"[".repeat(5_000)}${"]".repeat(5_000)}`])(
    "is not seen in %j",
    (text) => {
      expect(readTable(text)).toBeUndefined();
    },
  );

  it("comes back as it was written, whatever stands in its cells", () => {
    const cell = fc.string({ minLength: 1 }).filter((one) => one.trim() !== "" && !/^[-+\d]/u.test(one.trim()));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        const text = ["first,second", ...rows.map((row) => row.map(quoted).join(","))].join("\n");
        expect(table(text).rows).toEqual(rows.map(([first, second]) => ({ first, second })));
      }),
    );
  });
});

describe("without a program", () => {
  const spending = table("month,category,EUR\n2026-02,food,20.1\n2026-01,rent,900\n2026-01,food,0.2\n2026-02,rent,900");

  it("a table tells what its columns hold", () => {
    expect(columnSummaries(spending)).toMatchObject([
      { name: "month", kind: "text", different: 2 },
      {
        name: "category",
        frequent: [
          { value: "food", count: 2 },
          { value: "rent", count: 2 },
        ],
      },
      { name: "EUR", kind: "number", sum: 1820.3, mean: 455.075, least: 0.2, most: 900 },
    ]);
  });

  it("is summed by another column, the largest first and times in their order", () => {
    expect(groupTable(spending, "category", "EUR").groups).toEqual([
      { group: "rent", value: 1800 },
      { group: "food", value: 20.3 },
    ]);
    expect(groupTable(spending, "month").groups).toEqual([
      { group: "2026-01", value: 2 },
      { group: "2026-02", value: 2 },
    ]);
  });

  it("finds columns as people write them", () => {
    expect(columnCalled("Categories", spending)).toBe("category");
    expect(columnCalled(" eur", spending)).toBe("EUR");
    expect(columnCalled("colour", spending)).toBeUndefined();
  });
});
