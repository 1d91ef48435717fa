/** Recommendations over HTTP. What speaks of a person is for trusted callers: it tells what they did and are. */
import { z } from "zod";
import type { Clock } from "../../../core/environment.ts";
import { ParleyError } from "../../../core/errors.ts";
import { type HttpRoute, ownedBy } from "../../../core/http.ts";
import { Recommendation } from "../service/recommendation.ts";
import type { Recommended, Recommender } from "../service/recommender.ts";

const List = z.object({
  userId: z.string().optional(),
  sessionId: z.string().optional(),
  productId: z.string().optional(),
  /** When they were made. */
  timestamp: z.iso.datetime(),
  /** Name it when reporting what came of them. */
  modelVersion: z.string(),
  recommendations: z.array(Recommendation),
});

const Id = z.string().min(1).max(1_000);
const Wanted = z.object({
  limit: z.coerce.number().int().min(1).max(50).default(10),
  category: z.string().max(100).optional(),
});

const base = { method: "GET", tags: ["recommendations"], responses: { 200: List } } as const;

/** For a user, for a visit, like a product, and popular ones. */
export function recommendationRoutes(recommender: Recommender, clock: Clock): readonly HttpRoute[] {
  const answer = (asked: object, { recommendations, modelVersion }: Recommended): Response =>
    Response.json({ ...asked, timestamp: new Date(clock()).toISOString(), modelVersion, recommendations });
  const [User, Session, Product] = [z.object({ userId: Id }), z.object({ sessionId: Id }), z.object({ productId: Id })];
  const SimilarWanted = Wanted.extend({ userId: Id.optional() });
  return [
    {
      ...base,
      path: "/api/v1/recommendations/products/:userId",
      summary: "Products for a user, by history and profile",
      permission: "recommendations:read",
      owner: ownedBy("parameters", User, ({ userId }) => ({ user: userId })),
      examples: [{ summary: "Three for Anna", parameters: { userId: "anna" }, query: { limit: "3" }, status: 200 }],
      parameters: User,
      query: Wanted,
      handle: async ({ parameters, query }) => {
        const { userId } = User.parse(parameters);
        return answer({ userId }, await recommender.forUser(userId, Wanted.parse(query)));
      },
    },
    {
      ...base,
      path: "/api/v1/recommendations/session/:sessionId",
      summary: "Products by what was done in one visit alone",
      permission: "recommendations:read",
      examples: [{ summary: "Of a visit", parameters: { sessionId: "visit-1" }, status: 200 }],
      parameters: Session,
      query: Wanted,
      handle: async ({ parameters, query }) => {
        const { sessionId } = Session.parse(parameters);
        return answer({ sessionId }, await recommender.forSession(sessionId, Wanted.parse(query)));
      },
    },
    {
      ...base,
      path: "/api/v1/recommendations/similar-products/:productId",
      summary: "Products like one, that a user (by query) or anybody may have",
      permission: "recommendations:read",
      owner: ownedBy("query", SimilarWanted, ({ userId }) => (userId === undefined ? "bearer" : { user: userId })),
      examples: [{ summary: "Like one", parameters: { productId: "everyday-account" }, status: 200 }],
      parameters: Product,
      query: SimilarWanted,
      handle: async ({ parameters, query }) => {
        const { productId } = Product.parse(parameters);
        const found = await recommender.similarTo(productId, SimilarWanted.parse(query));
        if (found === undefined) throw unknownProduct(productId);
        return answer({ productId }, found);
      },
    },
    {
      ...base,
      path: "/api/v1/recommendations/popular",
      summary: "What most people take",
      permission: "catalogue:read",
      examples: [{ summary: "The first five", query: { limit: "5" }, status: 200 }],
      query: Wanted,
      handle: async ({ query }) => answer({}, await recommender.popular(Wanted.parse(query).limit)),
    },
  ];
}

function unknownProduct(id: string): ParleyError {
  return new ParleyError("recommend/unknown-product", `There is no product ${JSON.stringify(id)} in the catalogue.`, {
    status: 404,
  });
}
