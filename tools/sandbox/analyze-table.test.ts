import { expect, it } from "vitest";
import type { Json } from "../../core/json.ts";
import { ReplyFile } from "../../core/reply.ts";
import type { ToolContext } from "../../core/tool.ts";
import { callContext } from "../../test/support/tool-pack.ts";
import { analyzeTable } from "./analyze-table.ts";
import { Chart, chartSvg, chartWords } from "./chart.ts";
import { missingForCharts } from "./draw-chart.ts";

const CSV = "month,category,EUR\n2026-01,rent,900\n2026-01,food,210.5\n2026-02,rent,900\n2026-02,food,190\n";
const tool = analyzeTable({ timeoutMs: 30_000, memoryMegabytes: 64, outputCharacters: 20_000 });

/** Asks about a file, and keeps the files that come back. */
async function ask(input: Json, more: Partial<ToolContext> = {}) {
  const kept: { readonly bytes: Uint8Array; readonly alt: string }[] = [];
  const context: ToolContext = {
    ...callContext().context,
    files: async () => [
      { name: "spending.csv", read: async () => CSV },
      { name: "photo.png", read: async () => undefined },
    ],
    keepFile: async (bytes, facts) => {
      kept.push({ bytes, alt: facts.alt ?? "" });
      return ReplyFile.parse({ ...facts, spoolKey: "key" });
    },
    ...more,
  };
  const result = await tool.execute(input, { ...context, idempotencyKey: "key" });
  return { ...result, kept };
}

it("tells what is in the table that was sent", async () => {
  const { value, say } = await ask({});
  expect(value).toMatchObject({ table: "spending.csv", rows: 4, columns: [{}, {}, { name: "EUR", sum: 2200.5 }] });
  expect(say?.({ language: "de", locale: "de-DE" })).toContain(
    "**EUR**: Summe 2.200,5, Mittel 550,13, von 190 bis 900",
  );
});

it("runs a program over it", async () => {
  const program = "input.rows.filter(({ category }) => category === 'food').reduce((sum, { EUR }) => sum + EUR, 0)";
  expect((await ask({ program })).value).toMatchObject({ status: "done", result: 400.5 });
});

it("tells the program's author what is wrong with it", async () => {
  expect((await ask({ program: "input.rows[9].EUR" })).value).toMatchObject({ status: "error" });
});

it("takes what another tool gave in this turn", async () => {
  const results = () => [{ tool: "list_things", value: { things: [{ size: 1 }, { size: 4 }] } }];
  const program = "input.rows.map(({ size }) => size)";
  expect((await ask({ tool: "list_things", program }, { results })).value).toMatchObject({ result: [1, 4] });
  await expect(ask({ tool: "other" }, { results })).rejects.toMatchObject({ code: "sandbox/no-table", status: 404 });
});

it.each([
  ["no file", { files: async () => [] }, {}, "sandbox/no-table"],
  ["a file of another name", {}, { file: "other.csv" }, "sandbox/no-table"],
  ["no such column", {}, { by: "colour" }, "sandbox/no-column"],
])("says what is missing: %s", async (_name, more, input, code) => {
  await expect(ask(input, more)).rejects.toMatchObject({ code });
});

it.skipIf(missingForCharts() !== undefined)(
  "shows sums as a picture that is told in words too",
  { timeout: 120_000 },
  async () => {
    const { value, files, kept } = await ask({ values: "EUR", by: "category" });
    const told = "Bar chart: EUR / category (category / EUR). rent 1,800, food 400.5";
    expect(value).toMatchObject({ groups: [{ group: "rent", value: 1800 }, { group: "food" }], chart: told });
    expect(files).toMatchObject([{ name: "chart.png", mediaType: "image/png", alt: told }]);
    const [picture] = kept;
    expect(
      Buffer.from(picture?.bytes ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    // Its width and height stand at the beginning of every PNG.
    expect(Buffer.from(picture?.bytes ?? []).readUInt32BE(16)).toBe(1_200);
  },
);

it("draws the chart that a program gives only where it is whole", async () => {
  const program = "({ chart: { type: 'bar', title: 'A', labels: ['x'], series: [{ values: [1, 2] }] } })";
  expect((await ask({ program })).value).toMatchObject({ chartError: expect.stringContaining("one value for each") });
});

it("takes no words of a table for markup of the picture", () => {
  const title = '</text><image href="file:///etc/passwd"/>\u0000';
  const chart = Chart.parse({
    type: "line",
    title,
    labels: [title, "b"],
    series: [{ name: title, values: [1, null] }],
  });
  const svg = chartSvg(chart, "en");
  expect(svg).not.toContain("<image");
  expect(svg).not.toContain("\u0000");
  expect(svg).not.toContain("NaN");
  expect(chartWords(chart, "en")).toContain("b –");
});

it("knows columns by what they are called in another language, and months of dates", async () => {
  const dated = "date,category,amount\n2026-01-03,rent,900\n2026-01-09,food,210.5\n2026-02-03,rent,900\n";
  const files = async () => [{ name: "dated.csv", read: async () => dated }];
  const byCategory = await ask({ values: "Betrag", by: "Kategorie" }, { files });
  expect(byCategory.value).toMatchObject({ by: "category", of: "amount", groups: [{ value: 1800 }, { value: 210.5 }] });
  const byMonth = await ask({ values: "amount", by: "month" }, { files });
  expect(byMonth.value).toMatchObject({
    groups: [
      { group: "2026-01", value: 1110.5 },
      { group: "2026-02", value: 900 },
    ],
  });
  await expect(ask({ by: "week" }, { files })).rejects.toMatchObject({ code: "sandbox/no-column" });
});
