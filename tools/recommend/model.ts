/**
 * The recommender's arithmetic, without I/O: popularity in the person's segment, shrunk towards everybody's, blended
 * with item-to-item similarity (cosine over implicit interest) as far as the person has a history.
 */
import { interests, type HistoryEntry, type InteractionType } from "./interaction.ts";

export interface TrainingData {
  readonly productIds: readonly string[];
  readonly users: readonly { readonly userId: string; readonly segment: string }[];
  readonly interactions: readonly {
    readonly userId: string;
    readonly productId: string;
    readonly type: InteractionType;
  }[];
}

export interface ModelParameters {
  /** Most similar products that are kept of each product. */
  readonly neighbours: number;
  /** Added to the product of norms: similarities that rest on few people shrink. */
  readonly damping: number;
  /** Interest of everybody that is mixed into a segment's popularity. */
  readonly shrinkage: number;
  /** Interest at which history and popularity weigh the same. */
  readonly halfTrust: number;
}

/** Set by hand; the hit rate on the sample interactions hardly changes around them (quality.test.ts says what they reach). */
export const DEFAULT_PARAMETERS: ModelParameters = { neighbours: 20, damping: 2, shrinkage: 10, halfTrust: 1.5 };

export interface ScoreRequest {
  /** Unknown segments, and none, are served what everybody likes. */
  readonly segment?: string | undefined;
  readonly history: readonly HistoryEntry[];
}

export interface ScoredProduct {
  readonly productId: string;
  /** 0..1; 1 is the best there could be for this person. */
  readonly score: number;
  /** What popularity and similarity add to the score. */
  readonly fromPopularity: number;
  readonly fromSimilarity: number;
  /** Whether the segment's own taste, or everybody's, made it popular. */
  readonly popularWith: "segment" | "everybody";
  /** The product of the history that speaks most for it. */
  readonly because?: string;
}

export interface RecommenderModel {
  /** All products in the order of the training data. */
  readonly score: (request: ScoreRequest) => readonly ScoredProduct[];
}

/** Fits the model. Interactions with unknown users or products are left out. */
export function fitModel(data: TrainingData, parameters: ModelParameters = DEFAULT_PARAMETERS): RecommenderModel {
  const byUser = interestsByUser(data);
  const popularity = fitPopularity(data, byUser, parameters);
  const similar = fitSimilarity(data.productIds, [...byUser.values()], parameters);
  return {
    score: ({ segment, history }) => {
      const own = [...interests(history)].filter(([product]) => similar.has(product));
      const interest = own.reduce((sum, [, value]) => sum + Math.abs(value), 0);
      const trust = interest / (interest + parameters.halfTrust);
      const similarity = similarityScores(data.productIds, own, similar);
      const popular = popularity(segment);
      return data.productIds.map((productId) => {
        const near = similarity.get(productId);
        const fromPopularity = (1 - trust) * (popular.scores.get(productId) ?? 0);
        const fromSimilarity = trust * (near?.score ?? 0);
        return {
          productId,
          score: Math.min(1, Math.max(0, fromPopularity + fromSimilarity)),
          fromPopularity,
          fromSimilarity,
          popularWith: popular.with,
          ...(near?.because !== undefined && { because: near.because }),
        };
      });
    },
  };
}

type Interests = ReadonlyMap<string, number>;

function interestsByUser({ users, interactions }: TrainingData): ReadonlyMap<string, Interests> {
  const histories = new Map<string, HistoryEntry[]>(users.map(({ userId }) => [userId, []]));
  for (const { userId, productId, type } of interactions) histories.get(userId)?.push({ productId, type });
  return new Map([...histories].map(([userId, history]) => [userId, interests(history)]));
}

interface Popularity {
  /** 0..1; the most popular product has 1. */
  readonly scores: ReadonlyMap<string, number>;
  readonly with: "segment" | "everybody";
}

function fitPopularity(
  { productIds, users }: TrainingData,
  byUser: ReadonlyMap<string, Interests>,
  { shrinkage }: ModelParameters,
): (segment: string | undefined) => Popularity {
  const count = (userIds: readonly string[]): ReadonlyMap<string, number> => {
    const sums = new Map(productIds.map((product) => [product, 0]));
    for (const userId of userIds) {
      for (const [product, interest] of byUser.get(userId) ?? []) {
        const sum = sums.get(product);
        if (sum !== undefined && interest > 0) sums.set(product, sum + interest);
      }
    }
    return sums;
  };
  const everybody = count(users.map(({ userId }) => userId));
  const total = sumOf(everybody) || 1;
  const bySegment = new Map<string, Popularity>();
  for (const segment of new Set(users.map((user) => user.segment))) {
    const own = count(users.filter((user) => user.segment === segment).map(({ userId }) => userId));
    const shrunk = new Map(
      [...own].map(([product, sum]) => [product, sum + (shrinkage * (everybody.get(product) ?? 0)) / total] as const),
    );
    bySegment.set(segment, { scores: normalized(shrunk), with: "segment" });
  }
  const fallback: Popularity = { scores: normalized(everybody), with: "everybody" };
  return (segment) => bySegment.get(segment ?? "") ?? fallback;
}

function sumOf(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}

function normalized(values: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const largest = Math.max(...values.values(), Number.MIN_VALUE);
  return new Map([...values].map(([key, value]) => [key, value / largest]));
}

/** Of each product: its most similar ones with similarities in (0, 1). */
type Similarities = ReadonlyMap<string, readonly (readonly [product: string, similarity: number])[]>;

function fitSimilarity(
  productIds: readonly string[],
  people: readonly Interests[],
  { neighbours, damping }: ModelParameters,
): Similarities {
  const columns = productIds.map((product) => people.map((interest) => Math.max(0, interest.get(product) ?? 0)));
  const norms = columns.map((column) => Math.hypot(...column));
  return new Map(
    productIds.map((product, index) => {
      const near = productIds.flatMap((other, otherIndex) => {
        if (other === product) return [];
        const dot = (columns[index] ?? []).reduce(
          (sum, value, row) => sum + value * (columns[otherIndex]?.[row] ?? 0),
          0,
        );
        return dot > 0 ? [[other, dot / ((norms[index] ?? 0) * (norms[otherIndex] ?? 0) + damping)] as const] : [];
      });
      return [product, near.toSorted((left, right) => right[1] - left[1]).slice(0, neighbours)];
    }),
  );
}

interface Similarity {
  /** 0..1; the most similar product has 1. */
  readonly score: number;
  readonly because: string | undefined;
}

function similarityScores(
  productIds: readonly string[],
  own: readonly (readonly [product: string, interest: number])[],
  similar: Similarities,
): ReadonlyMap<string, Similarity> {
  const sums = new Map(productIds.map((product) => [product, 0]));
  const best = new Map<string, { readonly product: string; readonly share: number }>();
  for (const [product, interest] of own) {
    for (const [other, similarity] of similar.get(product) ?? []) {
      const share = interest * similarity;
      sums.set(other, (sums.get(other) ?? 0) + share);
      if (share > (best.get(other)?.share ?? 0)) best.set(other, { product, share });
    }
  }
  const positive = new Map([...sums].map(([product, sum]) => [product, Math.max(0, sum)]));
  return new Map(
    [...normalized(positive)].map(([product, score]) => [product, { score, because: best.get(product)?.product }]),
  );
}
