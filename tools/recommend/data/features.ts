/** What is known of people and products, as names of features. The same for training and for serving. */
import type { Demographics, Interaction } from "../../../core/store/interactions/index.ts";
import type { Product } from "../catalogue/product.ts";
import { actOf, type Act } from "./weights.ts";

/** A feature and how much of it there is. */
export type Feature = readonly [name: string, value: number];

/** Products: category, institution, risk, return, smallest amount, whom they are for, and the words they are described with. */
export function productFeatures(product: Product): readonly Feature[] {
  const { category, institution, riskLevel, riskLabel, expectedReturn, minimumAmountMinor, eligibility } = product;
  return [
    [`category:${category}`, 2],
    [`risk:${riskLabel}`, 1],
    [`risk-class:${riskLevel}`, 0.5],
    [`return:${returnBand(expectedReturn)}`, 0.5],
    [`minimum:${amountBand(minimumAmountMinor)}`, 0.5],
    ...(institution === undefined ? [] : [[`institution:${institution}`, 1] as const]),
    ...(eligibility.segments ?? []).map((segment): Feature => [`for:${segment}`, 0.5]),
    ...wordsOf(product).map((word): Feature => [`word:${word}`, 0.25]),
  ];
}

function returnBand(rate: number | null): string {
  if (rate === null) return "none";
  if (rate < 0.02) return "below-2%";
  return rate < 0.05 ? "2-5%" : "above-5%";
}

function amountBand(minor: number | null): string {
  return minor === null || minor === 0 ? "none" : `10^${Math.floor(Math.log10(minor))}`;
}

const SHORTEST_WORD = 4;

function wordsOf({ name, features }: Product): readonly string[] {
  const words =
    [name, ...features]
      .join(" ")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  return [...new Set(words.filter((word) => word.length >= SHORTEST_WORD))];
}

/** What a person's acts come to, small enough to keep for everybody while training. */
export interface Sketch {
  readonly demographics: Demographics;
  readonly acts: Partial<Record<Act, number>>;
  /** Acts by quarter of the day (UTC), from midnight. */
  readonly quarters: [number, number, number, number];
}

export function emptySketch(): Sketch {
  return { demographics: {}, acts: {}, quarters: [0, 0, 0, 0] };
}

/** Adds an act. The newest facts win; what an interaction does not say stays as it was said before. */
export function addToSketch(sketch: Sketch, interaction: Interaction): void {
  for (const key of ["ageGroup", "incomeRange", "location", "segment"] as const) {
    const value = interaction.demographics?.[key];
    if (value !== undefined) sketch.demographics[key] = value;
  }
  const act = actOf(interaction);
  if (act === "shown") return;
  sketch.acts[act] = (sketch.acts[act] ?? 0) + 1;
  const quarter = Math.floor(new Date(interaction.timestamp).getUTCHours() / 6);
  sketch.quarters[quarter] = (sketch.quarters[quarter] ?? 0) + 1;
}

export function sketchOf(history: readonly Interaction[]): Sketch {
  const sketch = emptySketch();
  for (const interaction of history) addToSketch(sketch, interaction);
  return sketch;
}

/** People: demographics, how they behave, and when they come. */
export function personFeatures({ demographics, acts, quarters }: Sketch): readonly Feature[] {
  const { ageGroup, incomeRange, location, segment } = demographics;
  const known = { segment, age: ageGroup, income: incomeRange, location };
  return [
    ...Object.entries(known).flatMap(([name, value]): readonly Feature[] =>
      value === undefined ? [] : [[`${name}:${value.toLowerCase()}`, name === "segment" ? 2 : 1]],
    ),
    ...behaviourOf(acts, quarters),
  ];
}

/** Acts that a quarter of somebody's acts must be to say something about them. */
const TELLING: readonly Act[] = ["comparison", "search", "accepted", "dismissed"];
const TELLING_SHARE = 0.25;
const FEWEST_ACTS = 4;
const QUARTERS = ["night", "morning", "afternoon", "evening"];

function behaviourOf(acts: Sketch["acts"], quarters: Sketch["quarters"]): readonly Feature[] {
  const total = quarters.reduce((sum, count) => sum + count, 0);
  if (total < FEWEST_ACTS) return [];
  const telling = TELLING.filter((act) => (acts[act] ?? 0) / total >= TELLING_SHARE);
  const most = QUARTERS.filter((_name, index) => (quarters[index] ?? 0) / total > 0.5);
  return [
    ...telling.map((act): Feature => [`behaviour:${act}`, 0.5]),
    ...most.map((name): Feature => [`time:${name}`, 0.25]),
  ];
}

/** The age group of a birth year, in the bands that banks use. */
export function ageGroupOf(birthYear: number, year: number): string {
  const age = year - birthYear;
  const bands = ["0-17", "18-24", "25-34", "35-49", "50-64"];
  return bands.find((band) => age <= Number(band.split("-")[1])) ?? "65+";
}
