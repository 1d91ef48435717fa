/** What others ask of the recommender: for a person, for a visit, for a product, for nobody in particular. */
import type { Clock } from "../../../core/environment.ts";
import type {
  Demographics,
  Interaction,
  InteractionAction,
  InteractionStore,
} from "../../../core/store/interactions/index.ts";
import type { Product } from "../catalogue/product.ts";
import type { ProductSource } from "../catalogue/product-source.ts";
import type { ProductText } from "../catalogue/product-text.ts";
import { ageGroupOf, sketchOf } from "../data/features.ts";
import { acquiredIn, dismissedIn } from "../data/weights.ts";
import { keyOf } from "../ingestion/topics.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import { knownAsker } from "./asker.ts";
import type { Recommendation } from "./recommendation.ts";
import { type Profile, type Situation, situationOf, type Stated } from "./profile.ts";
import { rankProducts } from "./rank.ts";
import { type Exclusions, isExcluded } from "./rules.ts";
import { scorePopular, scoreSimilar } from "./score-plainly.ts";
import { type ScoredProduct, scoreProducts } from "./score.ts";

export interface RecommenderParts {
  /** The version that serves; undefined while none could be loaded. */
  readonly bundle: () => Promise<Bundle | undefined>;
  /** The catalogue as it was read at the start, in its order. */
  readonly catalogue: ReadonlyMap<string, Product>;
  readonly source: ProductSource;
  readonly text: ProductText;
  readonly store: Pick<InteractionStore, "ofUser" | "ofSession">;
  readonly profileOf: (person: string) => Promise<Profile | undefined>;
  readonly exclusions: Exclusions;
  readonly clock: Clock;
}

/** What is wished, and what was said of the person in the conversation. */
export interface Wish {
  readonly category?: string | undefined;
  readonly hinted?: ReadonlySet<string> | undefined;
  readonly refused?: ReadonlySet<string> | undefined;
  readonly query?: string | undefined;
  readonly stated?: Stated | undefined;
  readonly limit: number;
}

/** Recommendations and what they rest on. */
export interface Recommended {
  readonly recommendations: readonly Recommendation[];
  /** The version of the model; `none` where popularity by the catalogue's order had to do. */
  readonly modelVersion: string;
}

export interface Recommender {
  readonly forUser: (userId: string, wish: Wish) => Promise<Recommended>;
  /** By what was done in this visit alone: nobody's profile is looked at. */
  readonly forSession: (sessionId: string, wish: Wish) => Promise<Recommended>;
  /**
   * Products like this one that this person may have (without one: that anybody may have); undefined for a product that
   * is not in the catalogue.
   */
  readonly similarTo: (
    productId: string,
    wish: Wish & { readonly userId?: string | undefined },
  ) => Promise<Recommended | undefined>;
  readonly popular: (limit: number) => Promise<Recommended>;
}

/** Most interactions of one person that are looked at, and most of their answers and acquisitions. */
const HISTORY = 500;
/** What stands however much was looked at since: a product that was refused or acquired is not offered again. */
const STANDING: readonly InteractionAction[] = ["accepted", "liked", "dismissed", "disliked", "acquired"];

/** Makes the recommender. */
export function createRecommender(parts: RecommenderParts): Recommender {
  return {
    forUser: async (userId, wish) => await recommend(parts, await person(parts, userId, wish), wish),
    forSession: async (sessionId, wish) => {
      const history = asReceived(await parts.store.ofSession(sessionId, HISTORY));
      return await recommend(
        parts,
        { history, demographics: {}, situation: situationFor({}, history, wish, parts) },
        wish,
      );
    },
    similarTo: async (productId, wish) => {
      const { catalogue } = parts;
      const product = catalogue.get(productId);
      if (product === undefined) return undefined;
      const asked = wish.userId === undefined ? nobody(parts) : await person(parts, wish.userId, wish);
      return await recommend(parts, asked, wish, (bundle) => scoreSimilar(product, catalogue, bundle));
    },
    popular: async (limit) =>
      await recommend(parts, nobody(parts), { limit }, (bundle) => scorePopular(parts.catalogue, bundle)),
  };
}

interface Asked {
  readonly history: readonly Interaction[];
  readonly situation: Situation;
  readonly demographics: Demographics;
}

async function person(parts: RecommenderParts, userId: string, wish: Pick<Wish, "stated">): Promise<Asked> {
  const { profileOf, store } = parts;
  const [profile = {}, own] = await Promise.all([profileOf(userId), historyOf(userId, store)]);
  const history = asReceived(await withHistoryElsewhere(own, profile, { userId, store }));
  const situation = situationFor(profile, history, wish, parts);
  return { history, situation, demographics: demographicsOf(profile, situation, yearOf(parts)) };
}

function nobody(parts: RecommenderParts): Asked {
  return { history: [], demographics: {}, situation: situationFor({}, [], {}, parts) };
}

function situationFor(
  profile: Profile,
  history: readonly Interaction[],
  { stated = {} }: Pick<Wish, "stated">,
  parts: RecommenderParts,
): Situation {
  const ownedProducts = [...(profile.ownedProducts ?? []), ...acquiredIn(history)];
  return situationOf({ ...profile, ownedProducts }, stated, {
    year: yearOf(parts),
    dismissed: dismissedIn(history),
    reported: sketchOf(history).demographics,
  });
}

function yearOf({ clock }: RecommenderParts): number {
  return new Date(clock()).getUTCFullYear();
}

/**
 * Oldest first. What a wrong clock dated into the future happened when it came in at the latest: else a "liked" of next
 * year would stand above what the person refuses today.
 */
function asReceived(history: readonly Interaction[]): readonly Interaction[] {
  const inFuture = ({ timestamp, receivedAt }: Interaction): boolean => Date.parse(timestamp) > Date.parse(receivedAt);
  if (!history.some(inFuture)) return history;
  return history
    .map((one) => (inFuture(one) ? { ...one, timestamp: one.receivedAt } : one))
    .toSorted((left, right) => Date.parse(left.timestamp) - Date.parse(right.timestamp));
}

/** Somebody may be known to the bank under another id, by which its own front ends report. */
async function withHistoryElsewhere(
  own: readonly Interaction[],
  { customerId }: Profile,
  { userId, store }: { readonly userId: string; readonly store: RecommenderParts["store"] },
): Promise<readonly Interaction[]> {
  if (customerId === undefined || customerId === userId) return own;
  return together(own, await historyOf(customerId, store));
}

async function historyOf(userId: string, store: RecommenderParts["store"]): Promise<readonly Interaction[]> {
  const lately = await store.ofUser(userId, HISTORY);
  return lately.length < HISTORY ? lately : together(await store.ofUser(userId, HISTORY, STANDING), lately);
}

/** Each once, oldest first. */
function together(some: readonly Interaction[], others: readonly Interaction[]): readonly Interaction[] {
  const all = new Map([...some, ...others].map((one) => [keyOf(one), one]));
  return [...all.values()].toSorted((left, right) => Date.parse(left.timestamp) - Date.parse(right.timestamp));
}

function demographicsOf({ birthYear }: Profile, { segment }: Situation, year: number): Demographics {
  return {
    ...(segment !== undefined && { segment }),
    ...(birthYear !== undefined && { ageGroup: ageGroupOf(birthYear, year) }),
  };
}

async function recommend(
  parts: RecommenderParts,
  asked: Asked,
  wish: Wish,
  score: (bundle: Bundle | undefined) => readonly ScoredProduct[] = (bundle) => scorePersonally(parts, asked, bundle),
): Promise<Recommended> {
  const { limit, category, hinted = new Set<string>(), refused = new Set<string>(), query } = wish;
  const { history, situation } = asked;
  const bundle = await parts.bundle();
  const scored = score(bundle);
  const products = await offered(parts, scored);
  const recommendations = rankProducts(
    { bundle, products, text: parts.text },
    { scored, situation, history, category, hinted, refused, query, limit },
  );
  return { recommendations, modelVersion: bundle?.summary.version ?? "none" };
}

function scorePersonally(
  { catalogue, clock }: RecommenderParts,
  { history, demographics, situation }: Asked,
  bundle: Bundle | undefined,
): readonly ScoredProduct[] {
  if (bundle === undefined) return scorePopular(catalogue, undefined);
  return scoreProducts(
    bundle,
    knownAsker({ history, demographics, owned: situation.owned }, bundle, clock()),
    catalogue,
  );
}

/** Only what the bank offers now, with the facts of now, and nothing that is excluded. */
async function offered(
  { source, exclusions }: RecommenderParts,
  scored: readonly ScoredProduct[],
): Promise<ReadonlyMap<string, Product>> {
  const details = await source.details(scored.map(({ productId }) => productId));
  return new Map([...details].filter(([, product]) => !isExcluded(product, exclusions)));
}
