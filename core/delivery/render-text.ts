/**
 * What a reply carries besides its text, as Markdown: for platforms that have no cards, buttons or citations of
 * their own. Adapters put these behind the reply's text and render the whole.
 *
 * Everything that comes from data (names, payees, titles, quotes) is escaped: it is shown as it is and can neither
 * mark up the message nor open a link.
 */
import { escapeMarkdown } from "../markdown/index.ts";
import type { Choice, Proposal, Recommendation, Reply, ReplyFile, Source } from "../reply.ts";
import { formatMoney, supportedLocale } from "./money-text.ts";
import { numberable } from "./numbered-choices.ts";
import { labelsFor } from "./render-labels.ts";

export interface TextOptions {
  /** BCP 47. @default "en" */
  readonly locale?: string;
  /** IANA name, for the time a proposal expires. @default "UTC" */
  readonly timeZone?: string;
}

/** Which extras the platform shows natively, so that the text leaves them out. */
export interface NativeExtras {
  readonly choices?: boolean;
  readonly recommendations?: boolean;
  readonly proposal?: boolean;
  readonly sources?: boolean;
  readonly files?: boolean;
}

/** The whole reply as one Markdown text: words, recommendations, proposal, numbered choices, sources, disclaimers. */
export function replyMarkdown(reply: Reply, native: NativeExtras = {}, options: TextOptions = {}): string {
  const blocks = [
    reply.text,
    native.recommendations === true ? "" : recommendationsMarkdown(reply.recommendations ?? [], options),
    native.proposal === true || reply.proposal === undefined ? "" : proposalMarkdown(reply.proposal, options),
    native.files === true ? "" : filesMarkdown(reply.files ?? [], options),
    native.choices === true ? "" : choicesMarkdown(reply.choices ?? [], options),
    native.sources === true ? "" : sourcesMarkdown(reply.sources, options),
    disclaimersMarkdown(reply.disclaimers),
  ];
  return blocks.filter((block) => block.trim() !== "").join("\n\n");
}

/** Recommendations as a list in the order of their ranks. Empty for none. */
export function recommendationsMarkdown(recommendations: readonly Recommendation[], options: TextOptions = {}): string {
  const labels = labelsFor(options.locale);
  return recommendations
    .toSorted((left, right) => left.rank - right.rank)
    .map((one) => {
      const facts = [
        asData(one.category),
        labels.risk[one.riskLevel],
        ...(one.expectedReturn === null ? [] : [labels.perYear(formatPercent(one.expectedReturn, options.locale))]),
      ];
      return `${one.rank}. **${asData(one.name)}** (${facts.join(", ")})\n   ${asData(one.reason)}`;
    })
    .join("\n");
}

/** The proposal as its requester must see it before confirming: exactly what, how much, to whom, until when. */
export function proposalMarkdown(proposal: Proposal, options: TextOptions = {}): string {
  const labels = labelsFor(options.locale);
  const lines = [
    `**${asData(proposal.summary)}**`,
    ...(proposal.amount === undefined
      ? []
      : [`${labels.amount}: **${asData(formatMoney(proposal.amount, options.locale))}**`]),
    ...(proposal.payee === undefined ? [] : [`${labels.payee}: **${asData(proposal.payee)}**`]),
    `${labels.validUntil}: ${formatTime(proposal.expiresAt, options)}`,
  ];
  const code = proposal.code === undefined ? [] : [labels.typeCode(`\`${proposal.code.replaceAll("`", "'")}\``)];
  return [lines.map((line) => `- ${line}`).join("\n"), ...code].join("\n\n");
}

/** Sources as numbered citations with place and quote; the numbers are those that `[1]` in a text means. */
export function sourcesMarkdown(sources: readonly Source[], options: TextOptions = {}): string {
  if (sources.length === 0) return "";
  const lines = sources.map((source, index) => {
    const title = asData(source.title);
    const url = webAddress(source.url);
    const named = url === undefined ? title : `[${title}](<${url}>)`;
    const place = source.location.trim() === "" ? "" : `, ${asData(source.location)}`;
    const quote = source.quote.trim() === "" ? "" : `: “${asData(source.quote)}”`;
    return `${index + 1}. ${named}${place}${quote}`;
  });
  return `**${labelsFor(options.locale).sources}**\n\n${lines.join("\n")}`;
}

/** Names of files, for platforms that show none. */
function filesMarkdown(files: readonly ReplyFile[], options: TextOptions): string {
  return files.map(({ name }) => `- ${labelsFor(options.locale).file}: ${asData(name)}`).join("\n");
}

/** Disclaimers in italics, one paragraph each. */
export function disclaimersMarkdown(disclaimers: readonly string[]): string {
  return disclaimers
    .filter((text) => text.trim() !== "")
    .map((text) => `*${asData(text)}*`)
    .join("\n\n");
}

/** Choices as a numbered list; confirmations are left out (`numberable`). Empty when there is nothing to number. */
export function choicesMarkdown(choices: readonly Choice[], options: TextOptions = {}): string {
  const offered = numberable(choices);
  if (offered.length === 0) return "";
  const lines = offered.map((choice, index) => `${index + 1}. ${asData(choice.label)}`);
  return `${lines.join("\n")}\n\n${labelsFor(options.locale).typeNumber}`;
}

/** Data as one line that shows exactly itself. */
function asData(text: string): string {
  return escapeMarkdown(text.replaceAll(/\s+/g, " ").trim());
}

/** The address where it is one of the web; anything else is not linked. */
function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") return undefined;
  return parsed.href.replaceAll("<", "%3C").replaceAll(">", "%3E");
}

function formatPercent(fraction: number, locale = "en"): string {
  return new Intl.NumberFormat([...supportedLocale(locale), "en"], {
    style: "percent",
    maximumFractionDigits: 2,
  }).format(fraction);
}

function formatTime(iso: string, options: TextOptions): string {
  const { locale = "en", timeZone = "UTC" } = options;
  return new Intl.DateTimeFormat([...supportedLocale(locale), "en"], {
    dateStyle: "medium",
    timeStyle: "long",
    timeZone,
  }).format(new Date(iso));
}
