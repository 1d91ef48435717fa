import { describe, expect, it } from "vitest";
import { candidate } from "../selector/candidates.ts";
import { selectModel } from "../selector/select.ts";
import type { Candidate, SelectionReport } from "../selector/selection.ts";
import { RecommenderError } from "../errors.ts";
import { itemNeighbours } from "../models/item-neighbours.ts";
import { popularity } from "../models/popularity.ts";
import { ridge } from "../models/ridge.ts";
import { softmax } from "../models/softmax/softmax.ts";
import { synthesize } from "../synthetic.ts";
import { linearScale } from "./scale.ts";
import { renderReport } from "./report.ts";

const tooLarge: Candidate = {
  name: "too <large>",
  fit: async () => {
    throw new RecommenderError("recommender/invalid-data", "The catalogue is too large.");
  },
};

async function select(): Promise<SelectionReport> {
  const { dataset } = synthesize({ users: 200, items: 40, interactions: 3_000 });
  const candidates = [
    candidate(popularity, { bySegment: true }),
    candidate(itemNeighbours, {}),
    candidate(ridge, {}),
    candidate(softmax, { epochs: 4 }),
    tooLarge,
  ];
  return (await selectModel(dataset, candidates, { warnings: ['<script>alert("x")</script>'] })).report;
}

describe("report", () => {
  it("is one page that asks for nothing, and shows each plot", async () => {
    const page = renderReport(await select(), { title: "Products & people", date: "1 December 2024" });
    expect(page).toContain("<title>Products &amp; people</title>");
    expect(page).not.toMatch(/<script|https?:|url\(|@import/);
    const titles = [...page.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      "nDCG at 3",
      "AUC",
      "MRR",
      "Learning curves",
      "Coverage",
      "Popularity bias",
      "Novelty",
      "Known and new users",
    ]);
    expect(page).toContain("3,000 interactions of 200 users with 40 items");
    expect(page).toContain("<li>too &lt;large&gt;: The catalogue is too large.</li>");
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("shows for each model its interval, and marks what is served and what is refused", async () => {
    const report = await select();
    const page = renderReport(report);
    const auc = report.candidates[0]?.known?.metrics.get("auc");
    expect(page).toContain(`${auc?.mean.toFixed(4)} (${auc?.low.toFixed(4)} to ${auc?.high.toFixed(4)})`);
    const rows = [...page.matchAll(/<tr class="marked">/g)];
    expect(rows).toHaveLength(report.candidates.filter(({ verdict }) => verdict === "chosen").length);
  });

  it("shows segments by name", async () => {
    const { dataset, segmentOfUser } = synthesize({ users: 200, items: 40, interactions: 3_000, segments: 2 });
    const { report } = await selectModel(dataset, [candidate(ridge, {})], { segments: segmentOfUser });
    const page = renderReport(report, { segmentNames: ["savers", "spenders"] });
    expect(page).toMatch(/by segment<\/h3>[^]*>savers<[^]*>spenders</);
  });

  it("leaves out what there is nothing to say about", async () => {
    const { dataset } = synthesize({ users: 200, items: 40, interactions: 3_000 });
    const { report } = await selectModel({ interactions: dataset.interactions }, [candidate(itemNeighbours, {})]);
    const page = renderReport(report);
    expect(page).not.toContain("Learning curves");
    expect(page).not.toContain("Cold start");
  });
});

describe("scale of an axis", () => {
  it("has round numbers around the values", () => {
    const { ticks, at } = linearScale([0.131, 0.179], 0, 100);
    expect(ticks.map(({ words }) => words)).toEqual(["0.12", "0.14", "0.16", "0.18"]);
    expect(at(0.12)).toBeCloseTo(0, 9);
    expect(at(0.18)).toBeCloseTo(100, 9);
  });

  it("exists for one value and for none", () => {
    expect(linearScale([3], 0, 10).at(3)).toBeCloseTo(0, 9);
    expect(linearScale([], 0, 10).ticks.map(({ words }) => words)).toEqual(["0", "1"]);
  });
});
