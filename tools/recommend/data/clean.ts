/** Leaves out what says nothing about people's taste, and counts what was left out and why. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import { actOf } from "./weights.ts";

/** What became of the interactions. Plain numbers, so that it can be printed and kept with a model. */
export interface CleaningReport {
  read: number;
  kept: number;
  /** Of people who act faster than a person can. */
  bots: number;
  botUsers: number;
  /** The same act on the same products at once: double clicks and repeated sends. */
  duplicates: number;
  /** A time in the future or before 2000. */
  impossibleTimes: number;
  /** A view of more than a day. */
  impossibleViews: number;
  /** Of products that are not in the catalogue; those of others in the same interaction are kept. */
  unknownProducts: number;
}

/** More than this many acts within an hour are no person's. */
const MOST_PER_HOUR = 600;
const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;
const CLOCKS_DIFFER_MS = HOUR_MS;
const DUPLICATE_MS = 2_000;
const EARLIEST = Date.parse("2000-01-01T00:00:00Z");

/** Finds people who are no people: fed with everything, then asked. */
export interface BotDetector {
  readonly see: (interaction: Interaction) => void;
  readonly isBot: (userId: string) => boolean;
  readonly count: () => number;
}

/** Counts acts per person and hour. */
export function createBotDetector(): BotDetector {
  const hours = new Map<string, Map<number, number>>();
  const bots = new Set<string>();
  return {
    see: ({ userId, timestamp, type, action }) => {
      // A list of products that is shown is one look of a person and many acts of the page.
      if (bots.has(userId) || actOf({ type, action }) === "shown") return;
      const hour = Math.floor(Date.parse(timestamp) / HOUR_MS);
      const own = hours.get(userId) ?? new Map<number, number>();
      hours.set(userId, own);
      const count = (own.get(hour) ?? 0) + 1;
      own.set(hour, count);
      if (count <= MOST_PER_HOUR) return;
      bots.add(userId);
      hours.delete(userId);
    },
    isBot: (userId) => bots.has(userId),
    count: () => bots.size,
  };
}

export interface CleanerParts {
  readonly bots: Pick<BotDetector, "isBot" | "count">;
  readonly isKnown: (productId: string) => boolean;
  readonly now: number;
}

export interface Cleaner {
  /** The interaction as far as it can be used; undefined when it cannot. Feed them in order of arrival. */
  readonly clean: (interaction: Interaction) => Interaction | undefined;
  readonly report: () => Readonly<CleaningReport>;
}

/** Makes a cleaner with an empty report. */
export function createCleaner({ bots, isKnown, now }: CleanerParts): Cleaner {
  const report: CleaningReport = {
    read: 0,
    kept: 0,
    bots: 0,
    botUsers: 0,
    duplicates: 0,
    impossibleTimes: 0,
    impossibleViews: 0,
    unknownProducts: 0,
  };
  const last = new Map<string, { readonly act: string; readonly at: number }>();
  const fault = (interaction: Interaction): keyof CleaningReport | undefined => {
    const at = Date.parse(interaction.timestamp);
    if (bots.isBot(interaction.userId)) return "bots";
    if (at > now + CLOCKS_DIFFER_MS || at < EARLIEST) return "impossibleTimes";
    if ((interaction.viewSeconds ?? 0) > DAY_SECONDS) return "impossibleViews";
    const act = [actOf(interaction), ...interaction.productIds].join("\n");
    const before = last.get(interaction.userId);
    last.set(interaction.userId, { act, at });
    return before?.act === act && Math.abs(at - before.at) < DUPLICATE_MS ? "duplicates" : undefined;
  };
  return {
    clean: (interaction) => {
      report.read += 1;
      const found = fault(interaction);
      if (found !== undefined) {
        report[found] += 1;
        return undefined;
      }
      const productIds = interaction.productIds.filter(isKnown);
      if (productIds.length < interaction.productIds.length) report.unknownProducts += 1;
      if (productIds.length === 0) return undefined;
      report.kept += 1;
      return { ...interaction, productIds };
    },
    report: () => ({ ...report, botUsers: bots.count() }),
  };
}
