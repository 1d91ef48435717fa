/** Which bookings were looked at, in words: every answer says over what it counted. */
import { formatMoney } from "../../../core/delivery/money-text.ts";
import type { Hearer } from "../../../core/teaching.ts";
import { literal } from "../../../core/markdown/index.ts";
import { filledIn } from "../../../core/text/sentence.ts";
import type { WrittenFilter } from "../written-filter.ts";
import german from "../language/de.json" with { type: "json" };
import { phrasesFor, type Phrases } from "./phrases.ts";

/** "with Rewe in October 2026 of €50 or more". */
export function filterWords({ counterparty, category, account, period, sums }: WrittenFilter, hearer: Hearer): string {
  const phrases = phrasesFor(hearer);
  const parts = [
    counterparty && filledIn(phrases.with, { name: literal(counterparty) }),
    category && filledIn(phrases.category, { name: literal(categoryName(category, hearer)) }),
    account && filledIn(phrases.account, { name: literal(account) }),
    period && periodWords(period, phrases, hearer),
    sums && sumsWords(sums, phrases, hearer),
  ].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? phrases.everywhere : parts.join(" ");
}

/** What a category is called: "Lebensmittel" in German. */
function categoryName(category: string, { language }: Pick<Hearer, "language">): string {
  const names: Readonly<Record<string, readonly string[]>> = language === "de" ? german.names.category : {};
  const [name = category] = names[category] ?? [];
  return name.replace(/^\p{Ll}/u, (first) => (name === category ? first : first.toUpperCase()));
}

/** "17 November 2026". */
export function dayWords(day: string, { locale }: Pick<Hearer, "locale">): string {
  return format(day, locale, { day: "numeric", month: "long", year: "numeric" });
}

function format(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

function periodWords(
  { from, to }: NonNullable<WrittenFilter["period"]>,
  phrases: Phrases,
  hearer: Hearer,
): string | undefined {
  if (from === undefined) return to && filledIn(phrases.until, { day: dayWords(to, hearer) });
  if (to === undefined) return filledIn(phrases.since, { day: dayWords(from, hearer) });
  if (from === to) return filledIn(phrases.on, { day: dayWords(to, hearer) });
  if (from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`)
    return filledIn(phrases.year, { year: from.slice(0, 4) });
  if (from.endsWith("-01") && to === lastOfMonth(from)) {
    return filledIn(phrases.in, { month: format(from, hearer.locale, { month: "long", year: "numeric" }) });
  }
  return filledIn(phrases.range, { from: dayWords(from, hearer), to: dayWords(to, hearer) });
}

function lastOfMonth(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).toISOString().slice(0, 10);
}

function sumsWords({ least, most }: NonNullable<WrittenFilter["sums"]>, phrases: Phrases, { locale }: Hearer): string {
  if (least !== undefined && least.minor === most?.minor) {
    return filledIn(phrases.exactly, { sum: formatMoney(least, locale) });
  }
  return [
    least && filledIn(phrases.atLeast, { sum: formatMoney(least, locale) }),
    most && filledIn(phrases.atMost, { sum: formatMoney(most, locale) }),
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}
