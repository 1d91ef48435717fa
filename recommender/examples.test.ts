import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Inside the package, so that `parleyjs-recommender` means its source here. */
const folder = mkdtempSync(join(here, ".examples-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The examples of a page, each with the title that it stands under. */
const examplesOf = (page: string) =>
  [
    ...readFileSync(join(here, page), "utf8").matchAll(/^##? ([^\n]+)\n(?:(?!^## )[\s\S])*?^```ts\n([\s\S]*?)^```/gmu),
  ].map(([, title = "", code = ""]) => ({ title, code }));

/** Runs an example as a module and returns what it printed. */
async function outputOf(code: string): Promise<unknown[][]> {
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    const file = join(folder, `example-${Math.abs(code.length)}.ts`);
    writeFileSync(file, code);
    await import(pathToFileURL(file).href);
    return print.mock.calls;
  } finally {
    print.mockRestore();
  }
}

describe("the README", () => {
  it("has an example that recommends something new, with a reason", async () => {
    const [{ code } = { code: "" }] = examplesOf("README.md");
    const [report, first] = await outputOf(code);
    expect(report).toEqual([expect.any(String), expect.arrayContaining([expect.any(String)])]);
    expect(first).toEqual([expect.not.stringMatching("savings"), expect.any(Number), expect.any(String)]);
  });
});

describe("the page of the factorization", () => {
  const examples = examplesOf("docs/factorization.md");

  it("has an example in each chapter that shows how", () => {
    expect(examples.map(({ title }) => title)).toEqual([
      "From names to a model",
      "Names from end to end",
      "Features, newcomers and sessions",
      "Why this one?",
      "Learning more, and keeping it",
      "Similar items and users, scores of some, and an index outside",
      "Measuring, also meanwhile",
      "Following and stopping a training",
    ]);
  });

  it("has examples that print what the page says", async () => {
    const printed: unknown[][][] = [];
    for (const { code } of examples) printed.push(await outputOf(code));
    const [names, endToEnd, scores, reason, grown, near, measured, progress] = printed;
    expect(endToEnd?.[0]).toEqual([expect.any(String), expect.any(String)]);
    expect(near).toEqual([
      [3, 3],
      [2, 2],
      [60, true],
    ]);
    expect(measured?.[0]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(names?.[0]?.[0]).toContain("bond fund");
    expect(scores?.[0]).toEqual([60, 60, 60, 60, expect.any(Number)]);
    expect(reason?.[0]).toEqual([expect.any(String), expect.any(Number), expect.any(Number)]);
    expect(grown?.[0]).toEqual([301, 61]);
    expect(progress).toHaveLength(5);
  });
});
