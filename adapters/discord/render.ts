import type { APIActionRowComponent, APIButtonComponent, APIEmbed, APIStringSelectComponent } from "discord.js";
import { z } from "zod";
import type {
  Card,
  Choice,
  Degradation,
  Language,
  LocaleText,
  Proposal,
  Rendered,
  RenderOptions,
  Reply,
  ReplyFile,
  Source,
} from "../../adapter.ts";
import {
  cutText,
  localeText,
  oneLine,
  parseMarkdown,
  replyMarkdown,
  splitPlain,
  splitTree,
  toPlainText,
} from "../../adapter.ts";
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
  fields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  footer: 2_048,
  embeds: 10,
  embedTotal: 6_000,
} as const;
const MAX_LABEL = 80;
const COLORS = { good: 0x3ba55d, caution: 0xfaa61a, alert: 0xed4245, proposal: 0x5865f2, sources: 0x4f545c } as const;

/** Text in Discord's Markdown; cards, proposals and sources as embeds; choices as buttons or a menu. */
export function renderDiscord(
  reply: Reply,
  { plain, ...language }: Pick<RenderOptions, "plain" | "locale" | "timeZone">,
  { mentions }: Pick<DiscordSettings, "mentions">,
): Rendered<DiscordPayload> {
  const contents = plain ? plainContents(reply, language) : richContents(reply, mentions);
  const groups = plain ? [] : grouped(withFooter(embedsOf(reply, localeText(language)), reply.disclaimers));
  const parts: Pick<DiscordPayload, "content" | "embeds">[] = contents.map((content) => ({ content, embeds: [] }));
  const last = parts.pop();
  const [first = [], ...others] = groups;
  const { choices = [], files = [] } = reply;
  const words = last?.content ?? "";
  // Discord takes no empty message.
  const isEmpty = words === "" && first.length + choices.length + files.length === 0;
  parts.push({ content: isEmpty ? "…" : words, embeds: first }, ...others.map((embeds) => ({ content: "", embeds })));
  const isPrivate = reply.visibility === "requester";
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
function plainContents(reply: Reply, language: Language): readonly string[] {
  const { proposal } = reply;
  const { code: _code, ...withoutCode } = proposal ?? { code: undefined };
  const shown =
    proposal === undefined ? reply : { ...reply, proposal: { ...proposal, ...withoutCode, code: undefined } };
  const text = toPlainText(parseMarkdown(replyMarkdown(shown, { choices: true }, language)));
  const measure = (part: string): number => escapeText(part).length;
  return splitPlain(text, { limit: MAX_CONTENT, measure }).map((part) => escapeText(part));
}

const hasCards = ({ cards = [], proposal, sources }: Pick<Reply, "cards" | "proposal" | "sources">): boolean =>
  cards.length > 0 || proposal !== undefined || sources.length > 0;

function embedsOf({ cards = [], proposal, sources }: Reply, write: LocaleText): readonly APIEmbed[] {
  return [
    ...cards.map(cardEmbed),
    ...(proposal === undefined ? [] : [proposalEmbed(proposal, write)]),
    ...sourceEmbeds(sources, write.labels.sources),
  ];
}

function cardEmbed({ number, title, facts, text }: Card): APIEmbed {
  const tone = facts.find((fact) => fact.tone !== undefined)?.tone;
  return {
    title: data(number === undefined ? title : `${number}. ${title}`, LIMITS.title),
    ...(tone === undefined ? {} : { color: COLORS[tone] }),
    ...(text.trim() === "" ? {} : { description: data(text, LIMITS.description) }),
    fields: facts.slice(0, LIMITS.fields).map(({ label, value, phrase = "" }) => fieldOf(label, phrase || value)),
  };
}

function fieldOf(
  label: string,
  value: string,
): { readonly name: string; readonly value: string; readonly inline: true } {
  return { name: data(label, LIMITS.fieldName), value: data(value, LIMITS.fieldValue), inline: true };
}

/** Exactly what will happen. The time is the bot's; how long that is from now, Discord counts in the reader's client. */
function proposalEmbed({ summary, facts, expiresAt }: Proposal, { labels, time }: LocaleText): APIEmbed {
  const seconds = Math.floor(Date.parse(expiresAt) / 1000);
  const until = `${data(time(expiresAt), LIMITS.fieldValue)} (<t:${seconds}:R>)`;
  return {
    title: data(summary, LIMITS.title),
    color: COLORS.proposal,
    ...(summary.length > LIMITS.title ? { description: data(summary, LIMITS.description) } : {}),
    fields: [
      ...facts.slice(0, LIMITS.fields - 1).map(({ label, value }) => fieldOf(label, value)),
      { name: labels.validUntil, value: until, inline: true },
    ],
  };
}

/** Numbered as the text cites them; as many embeds as they need. */
function sourceEmbeds(sources: readonly Source[], heading: string): readonly APIEmbed[] {
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
  return descriptions.map((description) => ({ title: heading, color: COLORS.sources, description }));
}

/** The small print stands under the last card. */
function withFooter(embeds: readonly APIEmbed[], disclaimers: readonly string[]): readonly APIEmbed[] {
  const last = embeds.at(-1);
  const text = disclaimers
    .map((line) => oneLine(line))
    .filter((one) => one !== "")
    .join("\n");
  if (last === undefined || text === "") return embeds;
  if (text.length <= LIMITS.footer) return [...embeds.slice(0, -1), { ...last, footer: { text } }];
  return [...embeds, { description: cutText(escapeText(text), LIMITS.description, "…") }];
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
  return line === "" ? "…" : cutText(line, max, "…");
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
  return cutText(escaped, max, "…").replace(/\\+…$/, "…");
}
