import type { Demographics, Interaction } from "../../../core/store/interactions/index.ts";
import { ageGroupOf, sketchOf } from "../data/features.ts";
import { acquiredIn, dismissedIn } from "../data/weights.ts";

/** What is known about a customer that matters for recommendations. Every fact may be missing. */
export interface Profile {
  /** Such as `student`, `family`, `professional`, `retired`, `business`. */
  readonly segment?: string | undefined;
  /** The highest risk class, 1 to 7, that suits the customer. */
  readonly riskProfile?: number | undefined;
  readonly birthYear?: number | undefined;
  /** The bank's own id of the customer, by which its front ends report interactions. */
  readonly customerId?: string | undefined;
  /** Ids of products that the customer has. */
  readonly ownedProducts?: readonly string[] | undefined;
}

/** As features of a person. */
export function knownOf({ segment, birthYear }: Pick<Profile, "segment" | "birthYear">, now: number): Demographics {
  return {
    ...(segment !== undefined && { segment }),
    ...(birthYear !== undefined && { ageGroup: ageGroupOf(birthYear, new Date(now).getUTCFullYear()) }),
  };
}

/** Whole years of age that a person can have today. The birthday is not known, so there may be two. */
export interface AgeRange {
  readonly youngest: number;
  readonly oldest: number;
}

/** The rules' view of a person: profile first, then what the person said in this conversation. */
export interface Situation {
  readonly segment: string | undefined;
  readonly age: AgeRange | undefined;
  readonly highestRisk: number;
  readonly owned: ReadonlySet<string>;
  readonly dismissed: ReadonlySet<string>;
}

/** Where nothing is known of a person's risk profile, nothing above this class is recommended. */
const RISK_WHEN_UNKNOWN = 4;

/** What the person told in the conversation. It may lower the risk of the profile and never raise it. */
export interface Stated {
  readonly segment?: string | undefined;
  readonly age?: number | undefined;
  readonly highestRisk?: number | undefined;
}

/**
 * Puts together what the rules need. The profile wins over what front ends reported of the person in the history, and that
 * over what was said in the conversation.
 */
export function situationOf(
  profile: Profile,
  stated: Stated,
  history: readonly Interaction[],
  year: number,
): Situation {
  const reported = sketchOf(history).demographics;
  const known = profile.riskProfile ?? RISK_WHEN_UNKNOWN;
  return {
    segment: profile.segment ?? reported.segment?.toLowerCase() ?? stated.segment,
    age: ageOf(profile.birthYear, year) ?? rangeOf(reported.ageGroup) ?? exactly(stated.age),
    highestRisk: Math.min(known, stated.highestRisk ?? known),
    owned: new Set([...(profile.ownedProducts ?? []), ...acquiredIn(history)]),
    dismissed: dismissedIn(history),
  };
}

function ageOf(birthYear: number | undefined, year: number): AgeRange | undefined {
  return birthYear === undefined ? undefined : { youngest: year - birthYear - 1, oldest: year - birthYear };
}

const exactly = (age: number | undefined): AgeRange | undefined =>
  age === undefined ? undefined : { youngest: age, oldest: age };

/** "25-34", "65+"; a group that says nothing is none. */
function rangeOf(ageGroup: string | undefined): AgeRange | undefined {
  const [, from, to] = /^(\d{1,3})(?:-(\d{1,3})|\+)$/u.exec(ageGroup ?? "") ?? [];
  if (from === undefined) return undefined;
  return { youngest: Number(from), oldest: to === undefined ? Number.POSITIVE_INFINITY : Number(to) };
}
