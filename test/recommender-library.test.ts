import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const folder = mkdtempSync(join(root, "test", ".library-"));
const page = readFileSync(join(root, "docs/recommender-library.md"), "utf8");
const examples = [...page.matchAll(/^## ([^\n]+)\n(?:(?!^## )[\s\S])*?^```ts\n([\s\S]*?)^```/gmu)].map(
  ([, title = "", code = ""]) => ({ title, code: code.replaceAll("parley/recommender", "../../recommender/index.ts") }),
);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

describe("the page of the recommender library", () => {
  it("has an example in each chapter that shows how", () => {
    expect(examples.map(({ title }) => title)).toEqual([
      "From names to a model",
      "Features, newcomers and sessions",
      "Why this one?",
      "Learning more, and keeping it",
      "Following and stopping a training",
    ]);
  });

  it("has examples that print what the page says", async () => {
    const printed: unknown[][][] = [];
    for (const { code } of examples) printed.push(await outputOf(code));
    const [names, scores, reason, grown, progress] = printed;
    expect(names?.[0]?.[0]).toContain("bond fund");
    expect(scores?.[0]).toEqual([60, 60, 60, 60, expect.any(Number)]);
    expect(reason?.[0]).toEqual([expect.any(String), expect.any(Number), expect.any(Number)]);
    expect(grown?.[0]).toEqual([301, 61]);
    expect(progress).toHaveLength(5);
  });
});
