import type { AgeGroup, Segment } from "../schema.ts";

/** What moves people to look at products; the products of a theme are listed by popularity. */
export const THEMES = {
  studying: ["student-account", "credit-student", "study-loan", "phone-cover", "harbour-goal-saver"],
  everyday: [
    "everyday-account",
    "harbour-saver",
    "credit-classic",
    "arranged-overdraft",
    "everyday-plus",
    "basic-account",
  ],
  travelling: ["travel-cover", "credit-gold", "premium-account", "everyday-plus", "credit-classic"],
  children: ["harbour-youth-saver", "joint-everyday-account", "liability-cover", "youth-account", "harbour-goal-saver"],
  homeBuying: ["mortgage-10", "home-cover", "mortgage-15", "payment-protection", "mortgage-20", "green-loan"],
  borrowing: ["personal-loan", "car-loan", "payment-protection", "arranged-overdraft", "green-loan"],
  safeSaving: [
    "fixed-term-12",
    "harbour-saver-plus",
    "harbour-saver",
    "fixed-term-24",
    "fixed-term-6",
    "fund-money-market",
    "fixed-term-36",
    "fixed-term-60",
    "fund-euro-short-bond",
  ],
  carefulInvesting: ["fund-balanced", "fund-defensive", "pension-balance", "fund-euro-bond", "pension-secure"],
  growth: ["fund-world-index", "fund-growth", "pension-growth", "fund-sustainable-world", "fund-europe-dividend"],
  speculation: ["fund-technology", "fund-emerging-markets", "fund-digital-assets", "fund-world-index"],
  climate: ["green-deposit-24", "fund-sustainable-world", "green-loan"],
  company: [
    "business-start",
    "business-card",
    "harbour-business-saver",
    "business-pro",
    "business-credit-line",
    "investment-loan",
    "association-account",
  ],
} as const;

/** A reason to look at products. */
export type Theme = keyof typeof THEMES;

interface SegmentInterests {
  readonly share: number;
  readonly ages: Readonly<Partial<Record<AgeGroup, number>>>;
  readonly themes: Readonly<Partial<Record<Theme, number>>>;
}

/** How common each segment is, how old its people are and what they care about; all are relative weights. */
export const SEGMENT_INTERESTS: Readonly<Record<Segment, SegmentInterests>> = {
  student: {
    share: 26,
    ages: { "18-24": 8, "25-34": 2 },
    themes: { studying: 10, everyday: 3, travelling: 2, growth: 3, speculation: 2, climate: 1, safeSaving: 1 },
  },
  family: {
    share: 30,
    ages: { "25-34": 4, "35-49": 6, "50-64": 1 },
    themes: { children: 8, homeBuying: 6, everyday: 4, borrowing: 4, safeSaving: 2, carefulInvesting: 3, climate: 2 },
  },
  professional: {
    share: 30,
    ages: { "25-34": 5, "35-49": 4, "50-64": 3 },
    themes: {
      growth: 7,
      travelling: 6,
      homeBuying: 3,
      speculation: 3,
      carefulInvesting: 3,
      everyday: 2,
      borrowing: 2,
      climate: 2,
    },
  },
  retired: {
    share: 19,
    ages: { "50-64": 1, "65+": 9 },
    themes: { safeSaving: 9, carefulInvesting: 4, travelling: 3, everyday: 3, climate: 1, borrowing: 1 },
  },
  business: {
    share: 15,
    ages: { "25-34": 3, "35-49": 5, "50-64": 3 },
    themes: { company: 11, growth: 2, safeSaving: 2, travelling: 1, speculation: 1 },
  },
};
