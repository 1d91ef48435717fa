import type { APIActionRowComponent, APIButtonComponent, APIEmbed, APIStringSelectComponent } from "discord.js";
import { z } from "zod";
import type { Degradation, Rendered, RenderOptions } from "../../core/adapter.ts";
import { formatMoney, replyMarkdown } from "../../core/delivery/index.ts";
import { parseMarkdown, splitPlain, splitTree, toPlainText } from "../../core/markdown/index.ts";
import type { Choice, Proposal, Recommendation, Reply, ReplyFile, Source } from "../../core/reply.ts";
import { customIdOf } from "./gateway/interaction.ts";
import { MAX_CONTENT } from "./manifest.ts";
import { escapeText, type MentionKind, toDiscord } from "./markdown.ts";
import type { DiscordSettings } from "./settings.ts";

/** One message of Discord, before it is known who is answered. */
export interface DiscordPayload {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly choices: readonly Choice[];
  readonly files: readonly ReplyFile[];
  /** For the person answered alone. */
  readonly isPrivate: boolean;
  /** True when it holds nothing that Discord could refuse to format. */
  readonly plain: boolean;
}

const LIMITS = {
  title: 256,
  description: 4_096,
  fieldValue: 1_024,
  footer: 2_048,
  embeds: 10,
  embedTotal: 6_000,
} as const;
const MAX_LABEL = 80;
const COLORS = { low: 0x3ba55d, medium: 0xfaa61a, high: 0xed4245, proposal: 0x5865f2, sources: 0x4f545c } as const;

/** Text in Discord's Markdown; recommendations, proposals and sources as embeds; choices as buttons or a menu. */
export function renderDiscord(
  reply: Reply,
  { plain }: Pick<RenderOptions, "plain">,
  { mentions }: Pick<DiscordSettings, "mentions">,
): Rendered<DiscordPayload> {
  const contents = plain ? plainContents(reply) : richContents(reply, mentions);
  const groups = plain ? [] : grouped(withFooter(embedsOf(reply), reply.disclaimers));
  const parts: Pick<DiscordPayload, "content" | "embeds">[] = contents.map((content) => ({ content, embeds: [] }));
  const last = parts.pop();
  const [first = [], ...others] = groups;
  parts.push({ content: last?.content ?? "", embeds: first }, ...others.map((embeds) => ({ content: "", embeds })));
  const isPrivate = reply.visibility === "requester";
  const { choices = [], files = [] } = reply;
  return {
    parts: parts.map((part, index) => {
      const isLast = index === parts.length - 1;
      return { ...part, choices: isLast ? choices : [], files: isLast ? files : [], isPrivate, plain };
    }),
    degraded: degradations(reply),
  };
}

function richContents({ text, disclaimers, ...reply }: Reply, mentions: readonly MentionKind[]): readonly string[] {
  const measureTree = (tree: Parameters<typeof toDiscord>[0]): number => toDiscord(tree, mentions).length;
  const contents = splitTree(parseMarkdown(text), { limit: MAX_CONTENT, measureTree }).map(({ tree }) =>
    toDiscord(tree, mentions),
  );
  // Cards carry the small print in their footer.
  const notices = hasCards(reply) ? [] : disclaimers.map((notice) => `-# ${escapeText(oneLine(notice), mentions)}`);
  return notices.filter((notice) => notice !== "-# ").reduce(appended, contents);
}

/** Puts a line below the last message, or in one of its own. */
function appended(contents: readonly string[], line: string): readonly string[] {
  const last = contents.at(-1);
  const both = last === undefined ? line : `${last}\n${line}`;
  return both.length <= MAX_CONTENT
    ? [...contents.slice(0, -1), both]
    : [...contents, ...splitPlain(line, { limit: MAX_CONTENT })];
}

/** Everything as text that shows itself. The code of a proposal is left out: its buttons stay. */
function plainContents(reply: Reply): readonly string[] {
  const { proposal } = reply;
  const { code: _code, ...withoutCode } = proposal ?? { code: undefined };
  const shown =
    proposal === undefined ? reply : { ...reply, proposal: { ...proposal, ...withoutCode, code: undefined } };
  const text = toPlainText(parseMarkdown(replyMarkdown(shown, { choices: true })));
  const measure = (part: string): number => escapeText(part).length;
  return splitPlain(text, { limit: MAX_CONTENT, measure }).map((part) => escapeText(part));
}

const hasCards = ({
  recommendations = [],
  proposal,
  sources,
}: Pick<Reply, "recommendations" | "proposal" | "sources">): boolean =>
  recommendations.length > 0 || proposal !== undefined || sources.length > 0;

function embedsOf({ recommendations = [], proposal, sources }: Reply): readonly APIEmbed[] {
  return [
    ...recommendations.toSorted((left, right) => left.rank - right.rank).map(recommendationEmbed),
    ...(proposal === undefined ? [] : [proposalEmbed(proposal)]),
    ...sourceEmbeds(sources),
  ];
}

function recommendationEmbed({
  rank,
  name,
  category,
  riskLevel,
  expectedReturn,
  relevanceScore,
  reason,
}: Recommendation): APIEmbed {
  const field = (label: string, value: string) => ({
    name: label,
    value: data(value, LIMITS.fieldValue),
    inline: true,
  });
  return {
    title: data(`${rank}. ${name}`, LIMITS.title),
    color: COLORS[riskLevel],
    ...(reason.trim() === "" ? {} : { description: data(reason, LIMITS.description) }),
    fields: [
      field("Kind", category),
      field("Risk", `${riskLevel} risk`),
      ...(expectedReturn === null ? [] : [field("Expected return", `about ${percent(expectedReturn)} a year`)]),
      field("Match", percent(relevanceScore)),
    ],
  };
}

/** Exactly what will happen. The time is shown in the reader's own time zone. */
function proposalEmbed({ summary, amount, payee, expiresAt }: Proposal): APIEmbed {
  const seconds = Math.floor(Date.parse(expiresAt) / 1000);
  const field = (name: string, value: string) => ({ name, value, inline: true });
  return {
    title: data(summary, LIMITS.title),
    color: COLORS.proposal,
    ...(summary.length > LIMITS.title ? { description: data(summary, LIMITS.description) } : {}),
    fields: [
      ...(amount === undefined ? [] : [field("Amount", data(formatMoney(amount), LIMITS.fieldValue))]),
      ...(payee === undefined ? [] : [field("To", data(payee, LIMITS.fieldValue))]),
      field("Valid until", `<t:${seconds}:f> (<t:${seconds}:R>)`),
    ],
  };
}

/** Numbered as the text cites them; as many embeds as they need. */
function sourceEmbeds(sources: readonly Source[]): readonly APIEmbed[] {
  const descriptions: string[] = [];
  for (const [index, { title, location, url, quote }] of sources.entries()) {
    const link = url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
    const named =
      link === undefined
        ? `**${data(title, 300)}**`
        : `[${data(title.replaceAll(/[[\]]/g, ""), 300)}](<${new URL(link).href.replaceAll(/[<>()\s]/g, encodeURIComponent)}>)`;
    const place = location.trim() === "" ? "" : `, ${data(location, 300)}`;
    const words = quote.trim() === "" ? "" : `\n> ${data(quote, 900)}`;
    const line = `${index + 1}. ${named}${place}${words}`;
    const last = descriptions.at(-1);
    if (last !== undefined && last.length + line.length + 1 <= LIMITS.description)
      descriptions[descriptions.length - 1] = `${last}\n${line}`;
    else descriptions.push(line);
  }
  return descriptions.map((description) => ({ title: "Sources", color: COLORS.sources, description }));
}

/** The small print stands under the last card. */
function withFooter(embeds: readonly APIEmbed[], disclaimers: readonly string[]): readonly APIEmbed[] {
  const last = embeds.at(-1);
  const text = disclaimers
    .map(oneLine)
    .filter((one) => one !== "")
    .join("\n");
  if (last === undefined || text === "") return embeds;
  if (text.length <= LIMITS.footer) return [...embeds.slice(0, -1), { ...last, footer: { text } }];
  return [...embeds, { description: clipped(escapeText(text), LIMITS.description) }];
}

/** As many embeds in a message as Discord takes. */
function grouped(embeds: readonly APIEmbed[]): readonly (readonly APIEmbed[])[] {
  const groups: APIEmbed[][] = [];
  let total = 0;
  for (const embed of embeds) {
    const size = sizeOf(embed);
    const group = groups.at(-1);
    if (group === undefined || group.length >= LIMITS.embeds || total + size > LIMITS.embedTotal) {
      groups.push([embed]);
      total = size;
    } else {
      group.push(embed);
      total += size;
    }
  }
  return groups;
}

function sizeOf({ title = "", description = "", fields = [], footer }: APIEmbed): number {
  const inFields = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return title.length + description.length + inFields + (footer?.text.length ?? 0);
}

function degradations({ text, choices = [] }: Reply): readonly Degradation[] {
  const hasTable = parseMarkdown(text).children.some(({ type }) => type === "table");
  return [
    ...(hasTable ? [{ feature: "table", shownAs: "aligned text" }] : []),
    ...(choices.some(({ label }) => label.length > MAX_LABEL)
      ? [{ feature: "choices", shownAs: "shortened labels" }]
      : []),
  ];
}

/** A label as a button holds it. */
export function shortLabel(label: string, max: number = MAX_LABEL): string {
  const line = oneLine(label);
  return line === "" ? "…" : clipped(line, max);
}

type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>;

/** Choices of one kind and up to this many are buttons in a row; more become a menu. */
const ROW = 5;
const BUTTON_STYLES = { primary: 1, default: 2, danger: 4 } as const;

/** Buttons, or a menu where they are many and alike. Both name the person who may press them without being told off. */
export function toComponents(choices: readonly Choice[], requesterId: string): readonly Row[] {
  const known = [...new Map(choices.map((choice) => [choice.id, choice])).values()];
  const alike = known.every(({ style = "default" }) => style === "default");
  if (known.length > ROW && alike) {
    const options = known.map(({ id, label }) => ({ label: shortLabel(label, 100), value: id }));
    return [
      { type: 1, components: [{ type: 3, custom_id: customIdOf("", requesterId), placeholder: "Choose…", options }] },
    ];
  }
  const buttons = known.map(({ id, label, style = "default" }): APIButtonComponent => ({
    type: 2,
    style: BUTTON_STYLES[style],
    label: shortLabel(label),
    custom_id: customIdOf(id, requesterId),
  }));
  const rows = Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, row) =>
    buttons.slice(row * ROW, (row + 1) * ROW),
  );
  return rows.map((components) => ({ type: 1, components }));
}

const Components = z.array(z.looseObject({ components: z.array(z.looseObject({ custom_id: z.string().optional() })) }));
const Options = z.array(z.looseObject({ value: z.string() }));

/** The same buttons, to be looked at only; the chosen one keeps its colour. */
export function spentComponents(
  components: readonly unknown[],
  pressedId: string,
  values: readonly string[] = [],
): readonly unknown[] {
  return Components.parse(components).map((row) => ({
    ...row,
    components: row.components.map((one) => {
      const { custom_id: customId, style } = one;
      if ("options" in one) {
        const options = Options.parse(one["options"]).map((option) => ({
          ...option,
          default: values.includes(option.value),
        }));
        return { ...one, options, disabled: true };
      }
      return { ...one, disabled: true, style: customId === pressedId ? style : BUTTON_STYLES.default };
    }),
  }));
}

/** Text from data, in one line that shows exactly itself. */
function data(text: string, max: number): string {
  const line = oneLine(text);
  const escaped = escapeText(line);
  if (escaped.length <= max) return escaped === "" ? "–" : escaped;
  return clipped(escaped, max).replace(/\\+…$/, "…");
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const graphemes = new Intl.Segmenter("en");

/** Cut between characters as people see them. */
function clipped(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > max - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

function percent(fraction: number): string {
  return new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 2 }).format(fraction);
}
