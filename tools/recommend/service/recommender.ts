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
import { keyOf } from "../ingestion/topics.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import { knownAsker } from "./asker.ts";
import type { Recommendation } from "./recommendation.ts";
import { knownOf, type Profile, type Situation, situationOf, type Stated } from "./profile.ts";
import { type RankedWish, rankProducts } from "./rank.ts";
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
export interface Wish extends RankedWish {
  readonly stated?: Stated | undefined;
}

/** Recommendations and what they rest on. */
export interface Recommended {
  readonly recommendations: readonly Recommendation[];
  /** The version of the model; `none` where popularity by the catalogue's order had to do. */
  readonly modelVersion: string;
}

export type Recommender = ReturnType<typeof createRecommender>;

/** Most interactions of one person that are looked at, and most of their answers and acquisitions. */
const HISTORY = 500;
/** What stands however much was looked at since: a product that was refused or acquired is not offered again. */
const STANDING: readonly InteractionAction[] = ["accepted", "liked", "dismissed", "disliked", "acquired"];

/** Makes the recommender. */
export function createRecommender(parts: RecommenderParts) {
  const { catalogue, store } = parts;
  return {
    forUser: async (userId: string, wish: Wish): Promise<Recommended> =>
      await recommend(parts, await person(parts, userId, wish), wish),
    /** By what was done in this visit alone: nobody's profile is looked at. */
    forSession: async (sessionId: string, wish: Wish): Promise<Recommended> => {
      const history = asReceived(await store.ofSession(sessionId, HISTORY));
      return await recommend(parts, asked(parts, {}, history, wish), wish);
    },
    /**
     * Products like this one that this person may have (without one: that anybody may have); undefined for a product that
     * is not in the catalogue.
     */
    similarTo: async (
      productId: string,
      wish: Wish & { readonly userId?: string | undefined },
    ): Promise<Recommended | undefined> => {
      const product = catalogue.get(productId);
      if (product === undefined) return undefined;
      const asker = wish.userId === undefined ? asked(parts) : await person(parts, wish.userId, wish);
      return await recommend(parts, asker, wish, (bundle) => scoreSimilar(product, catalogue, bundle));
    },
    popular: async (limit: number): Promise<Recommended> =>
      await recommend(parts, asked(parts), { limit }, (bundle) => scorePopular(catalogue, bundle)),
  };
}

interface Asked {
  readonly history: readonly Interaction[];
  readonly situation: Situation;
  readonly demographics: Demographics;
}

async function person(parts: RecommenderParts, userId: string, wish: Pick<Wish, "stated">): Promise<Asked> {
  const { profileOf, store, clock } = parts;
  const [profile = {}, own] = await Promise.all([profileOf(userId), historyOf(userId, store)]);
  const { customerId, birthYear } = profile;
  // Somebody may be known to the bank under another id, by which its own front ends report.
  const isElsewhere = customerId !== undefined && customerId !== userId;
  const all = isElsewhere ? together(own, await historyOf(customerId, store)) : own;
  const { history, situation } = asked(parts, profile, asReceived(all), wish);
  return { history, situation, demographics: knownOf({ segment: situation.segment, birthYear }, clock()) };
}

/** Whoever this is known of; without anything: nobody in particular. */
function asked(
  { clock }: RecommenderParts,
  profile: Profile = {},
  history: readonly Interaction[] = [],
  { stated = {} }: Pick<Wish, "stated"> = {},
): Asked {
  const year = new Date(clock()).getUTCFullYear();
  return { history, demographics: {}, situation: situationOf(profile, stated, history, year) };
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

async function historyOf(userId: string, store: RecommenderParts["store"]): Promise<readonly Interaction[]> {
  const lately = await store.ofUser(userId, HISTORY);
  return lately.length < HISTORY ? lately : together(await store.ofUser(userId, HISTORY, STANDING), lately);
}

/** Each once, oldest first. */
function together(some: readonly Interaction[], others: readonly Interaction[]): readonly Interaction[] {
  const all = new Map([...some, ...others].map((one) => [keyOf(one), one]));
  return [...all.values()].toSorted((left, right) => Date.parse(left.timestamp) - Date.parse(right.timestamp));
}

async function recommend(
  parts: RecommenderParts,
  asker: Asked,
  wish: Wish,
  score: (bundle: Bundle | undefined) => readonly ScoredProduct[] = (bundle) => scorePersonally(parts, asker, bundle),
): Promise<Recommended> {
  const { history, situation } = asker;
  const bundle = await parts.bundle();
  const scored = score(bundle);
  const products = await offered(parts, scored);
  const recommendations = rankProducts({ bundle, products, text: parts.text }, { ...wish, scored, situation, history });
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
