/** `parley recommender` as an admin uses it: the compiled command, on the sample bank. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildOnce, removeData, runParley } from "../support/parley-process.ts";

const directory = mkdtempSync(join(tmpdir(), "parley-recommender-"));
beforeAll(buildOnce);
afterAll(() => removeData(directory));

const run = (...words: string[]) => runParley(directory, "recommender", ...words);
const json = <Schema extends z.ZodType>(schema: Schema, ...words: string[]): z.output<Schema> => {
  const { status, stdout, stderr } = run(...words, "--json");
  expect([status, stderr]).toEqual([0, ""]);
  return schema.parse(JSON.parse(stdout));
};

const Trained = z.object({ version: z.string(), replaced: z.boolean(), summary: z.object({ model: z.string() }) });
const Recommended = z.object({
  modelVersion: z.string(),
  recommendations: z.array(z.object({ id: z.string(), reason: z.string(), rank: z.number() })),
});
const Compared = z.array(z.object({ version: z.string(), serving: z.boolean() }));

describe("parley recommender", () => {
  it("trains versions, says which one serves, and goes back", () => {
    expect(json(Trained, "train")).toMatchObject({ version: "v0001", replaced: true });
    const { status, stdout } = run("train");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^v0002 serves now: .*\nIt is .*trained in .*\n2464 interactions were read, 2464 used\./u);
    const serving = () => json(Compared, "compare").find((one) => one.serving)?.version;
    expect(serving()).toBe("v0002");
    expect(run("rollback").stdout).toBe("v0001 serves now, instead of v0002.\n");
    expect(serving()).toBe("v0001");
    expect(run("rollback")).toMatchObject({ status: 1, stderr: expect.stringContaining("[recommend/no-version]") });
  });

  it("shows what would be recommended, to whom and why", () => {
    const popular = json(Recommended, "recommend", "--limit", "3");
    expect(popular.recommendations.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(popular.recommendations[0]?.reason).toMatch(/^often chosen by our customers\b/u);
    const similar = json(Recommended, "recommend", "--similar", "fund-growth", "--limit", "1");
    expect(similar.recommendations[0]?.reason).toMatch(/^often chosen together with Harbour Growth Fund\b/u);
    expect(run("recommend", "--similar", "moon-rocket")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no product "moon-rocket"'),
    });
  });

  it("imports once what it is given twice, names faulty lines, and recommends by it", () => {
    const line = (id: string, productId: string) =>
      JSON.stringify({
        id,
        userId: "customer-9",
        sessionId: "visit-1",
        type: "view",
        timestamp: new Date().toISOString(),
        productIds: [productId],
      });
    const file = join(directory, "visits.jsonl");
    writeFileSync(file, [line("1", "fund-growth"), line("2", "fund-world-index"), '{"id":"3"}', "nope", ""].join("\n"));
    const first = run("import", file, "--source", "shop");
    expect(first.status).toBe(1);
    expect(first.stdout).toContain("4 lines: 2 added, 0 known already, 2 faulty.\n  line 3: userId");
    expect(run("import", file, "--source", "shop").stdout).toContain("0 added, 2 known already");
    const { recommendations } = json(Recommended, "recommend", "customer-9");
    expect(recommendations.map(({ reason }) => reason).join()).toContain("because you looked at Harbour");
    expect(run("import", "nowhere.jsonl", "--source", "shop").stderr).toContain("nowhere.jsonl cannot be read");
    expect(run("import", file, "--source", "chat")).toMatchObject({ status: 2 });
  });

  it("measures every candidate and draws the report", () => {
    const page = join(directory, "report.html");
    const { status, stdout, stderr } = run("evaluate", "--report", page);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/popularity .*\(\d\.\d+–\d\.\d+\)/u);
    expect(stdout).toContain("chosen");
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>[\s\S]*Recommender of harbour[\s\S]*<svg/u);
  });

  it("explains itself", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const name of ["train", "evaluate", "recommend", "compare", "import", "rollback"])
      expect(stdout).toContain(name);
  });
});
