/** Leaves out what says nothing about people's taste, and counts what was left out and why. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import { actOf } from "./weights.ts";

const NOTHING = {
  read: 0,
  kept: 0,
  /** Of people who act faster than a person can. */
  bots: 0,
  botUsers: 0,
  /** The same act on the same products at once: double clicks and repeated sends. */
  duplicates: 0,
  /** A time in the future or before 2000. */
  impossibleTimes: 0,
  /** A view of more than a day. */
  impossibleViews: 0,
  /** Of products that are not in the catalogue; those of others in the same interaction are kept. */
  unknownProducts: 0,
};

/** What became of the interactions. Plain numbers, so that it can be printed and kept with a model. */
export type CleaningReport = typeof NOTHING;

/** More than this many acts within an hour are no person's. */
const MOST_PER_HOUR = 600;
const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;
const CLOCKS_DIFFER_MS = HOUR_MS;
const DUPLICATE_MS = 2_000;
const EARLIEST = Date.parse("2000-01-01T00:00:00Z");

/** Finds people who are no people, by acts per person and hour: fed with everything, then asked. */
export function createBotDetector() {
  const hours = new Map<string, Map<number, number>>();
  const bots = new Set<string>();
  return {
    see: ({ userId, timestamp, type, action }: Interaction): void => {
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
    isBot: (userId: string): boolean => bots.has(userId),
    count: (): number => bots.size,
  };
}

/** Makes a cleaner with an empty report. */
export function createCleaner(
  bots: ReturnType<typeof createBotDetector>,
  isKnown: (productId: string) => boolean,
  now: number,
) {
  const report = { ...NOTHING };
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
    /** The interaction as far as it can be used; undefined when it cannot. Feed them in order of arrival. */
    clean: (interaction: Interaction): Interaction | undefined => {
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
    report: (): Readonly<CleaningReport> => ({ ...report, botUsers: bots.count() }),
  };
}
