/** How a bot writes amounts, shares and times: in its locale and its time zone, on every platform alike. */
import type { Money } from "../money.ts";
import { formatMoney, supportedLocale } from "./money-text.ts";
import type { RenderLabels } from "./render-labels.ts";
import { labelsFor } from "./render-labels.ts";

/** Whose words they are. */
export interface Language {
  /** BCP 47. @default "en" */
  readonly locale?: string | undefined;
  /** IANA name. @default "UTC" */
  readonly timeZone?: string | undefined;
}

/** One way to write, for cards and for words. */
export interface LocaleText {
  readonly labels: RenderLabels;
  readonly money: (money: Money) => string;
  readonly percent: (fraction: number) => string;
  /** A moment, with its time zone. */
  readonly time: (iso: string) => string;
}

/** The way this language writes. An unknown locale is read as English. */
export function localeText({ locale = "en", timeZone = "UTC" }: Language = {}): LocaleText {
  const locales = [...supportedLocale(locale), "en"];
  return {
    labels: labelsFor(locale),
    money: (money) => formatMoney(money, locale),
    percent: (fraction) =>
      new Intl.NumberFormat(locales, { style: "percent", maximumFractionDigits: 2 }).format(fraction),
    time: (iso) =>
      new Intl.DateTimeFormat(locales, { dateStyle: "medium", timeStyle: "long", timeZone }).format(new Date(iso)),
  };
}
