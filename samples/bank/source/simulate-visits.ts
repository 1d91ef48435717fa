import {
  AgeGroup,
  Segment,
  type Product,
  type SampleInteraction,
  type SampleInteractions,
  type SampleUser,
} from "../schema.ts";
import { addDays } from "./bank-calendar.ts";
import { SEGMENT_INTERESTS, THEMES, type Theme } from "./interests.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

const SEED = 7;
const FIRST_DAY = "2025-11-21";
const DAYS = 365;
const USERS = 120;
const THEME_NAMES: readonly Theme[] = [
  "studying",
  "everyday",
  "travelling",
  "children",
  "homeBuying",
  "borrowing",
  "safeSaving",
  "carefulInvesting",
  "growth",
  "speculation",
  "climate",
  "company",
];
const YOUNGEST: Readonly<Record<AgeGroup, number>> = { "18-24": 18, "25-34": 25, "35-49": 35, "50-64": 50, "65+": 65 };

interface Person {
  readonly user: SampleUser;
  readonly themes: readonly Theme[];
  /** How many times this person visits in the year. */
  readonly visits: number;
}

interface Visit {
  readonly person: Person;
  readonly random: SeededRandom;
  readonly products: ReadonlyMap<string, Product>;
  /** `user product` pairs that were answered already: nobody accepts or dismisses a product twice. */
  readonly answered: Set<string>;
}

function createPerson(random: SeededRandom, index: number): Person {
  const segment = random.pick(Segment.options, (option) => SEGMENT_INTERESTS[option].share);
  const interests = SEGMENT_INTERESTS[segment];
  const ageGroup = random.pick(AgeGroup.options, (option) => interests.ages[option] ?? 0);
  const themes = new Set<Theme>();
  const wanted = random.integer(1, 3);
  while (themes.size < wanted) themes.add(random.pick(THEME_NAMES, (theme) => interests.themes[theme] ?? 0));
  // Pareto: a few people come every week, most a few times a year.
  const visits = Math.min(32, Math.ceil(2.9 * (1 - random.next()) ** (-1 / 1.6)));
  const userId = `u-${String(index + 1).padStart(3, "0")}`;
  return { user: { userId, segment, ageGroup }, themes: [...themes], visits };
}

/** Mostly one of the person's own themes, at times something that others like; popular products come first. */
function chooseProduct({ random }: Visit, theme: Theme): string {
  const products = random.chance(0.88)
    ? THEMES[theme]
    : THEMES[random.pick(THEME_NAMES, (other) => THEMES[other].length)];
  const ranked: readonly { id: string; rank: number }[] = products.map((id, rank) => ({ id, rank }));
  return random.pick(ranked, ({ rank }) => 1 / (rank + 1)).id;
}

function mayHave(product: Product, user: SampleUser): boolean {
  const { minAge = 0, maxAge = 200, segments } = product.eligibility;
  const age = YOUNGEST[user.ageGroup];
  return age >= minAge && age <= maxAge && (segments === undefined || segments.includes(user.segment));
}

function answerTo(visit: Visit, { productId, isOwnTheme }: { productId: string; isOwnTheme: boolean }) {
  const { person, random, products, answered } = visit;
  const product = products.get(productId);
  if (product === undefined) throw new Error(`interests.ts names ${productId}, which is not in products.json`);
  const key = `${person.user.userId} ${productId}`;
  if (answered.has(key)) return undefined;
  const accepts = mayHave(product, person.user) && random.chance(isOwnTheme ? 0.17 : 0.02);
  const dismisses = !accepts && random.chance(isOwnTheme ? 0.05 : 0.22);
  if (!accepts && !dismisses) return undefined;
  answered.add(key);
  return accepts ? "accepted" : "dismissed";
}

/** One visit: something is searched or viewed, perhaps compared with its neighbours, perhaps answered. */
function interactionsOf(visit: Visit): readonly SampleInteraction[] {
  const { person, random } = visit;
  const { userId } = person.user;
  const day = addDays(FIRST_DAY, random.integer(0, DAYS - 1));
  let second = random.integer(7 * 3600, 22 * 3600);
  const timestamp = (): string => {
    second += random.integer(12, 260);
    return new Date(Date.parse(`${day}T00:00:00Z`) + second * 1000).toISOString();
  };
  const done: SampleInteraction[] = [];
  const theme = random.pick(person.themes);
  for (let left = random.integer(1, 4); left > 0; left -= 1) {
    const productId = chooseProduct(visit, theme);
    const opening = random.pick(
      ["view", "search", "comparison"] as const,
      (type) => ({ view: 7, search: 2, comparison: 2 })[type],
    );
    done.push({ userId, productId, type: opening, timestamp: timestamp() });
    const themeProducts: readonly string[] = THEMES[theme];
    const type = answerTo(visit, { productId, isOwnTheme: themeProducts.includes(productId) });
    if (type !== undefined) done.push({ userId, productId, type, timestamp: timestamp() });
  }
  return done;
}

/** A year of visits by pseudonymous users to these products, in order of time; always the same. */
export function simulateVisits(products: readonly Product[]): SampleInteractions {
  const random = createSeededRandom(SEED);
  const people = Array.from({ length: USERS }, (_, index) => createPerson(random, index));
  const byId = new Map(products.map((product) => [product.id, product]));
  const shared = { random, products: byId, answered: new Set<string>() };
  const interactions = people
    .flatMap((person) => Array.from({ length: person.visits }, () => interactionsOf({ person, ...shared })).flat())
    .toSorted((left, right) => left.timestamp.localeCompare(right.timestamp));
  return { users: people.map((person) => person.user), interactions };
}
