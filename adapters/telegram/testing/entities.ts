/** Texts and their entities as the Bot API checks and finds them. */
import { z } from "zod";
import { refuse } from "./refusal.ts";

export const LocalEntity = z.object({
  type: z.enum([
    "mention",
    "hashtag",
    "bot_command",
    "url",
    "email",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
  ]),
  offset: z.number().int().nonnegative(),
  length: z.number().int().positive(),
  url: z.string().optional(),
  language: z.string().optional(),
});
export type LocalEntity = z.infer<typeof LocalEntity>;

/** More than these are dropped by Telegram without a word; here they are refused, so that nobody relies on them. */
export const MAX_ENTITIES = 100;

/** Checks what a bot says about its text. Throws the platform's "can't parse entities". */
export function checkEntities(text: string, entities: readonly LocalEntity[]): void {
  const fault = faultIn(text, entities);
  if (fault !== undefined) refuse(400, `Bad Request: can't parse entities: ${fault}`);
}

function faultIn(text: string, entities: readonly LocalEntity[]): string | undefined {
  if (entities.length > MAX_ENTITIES) return `there are more than ${MAX_ENTITIES}`;
  for (const entity of entities) {
    const fault = faultOf(text, entity, entities);
    if (fault !== undefined) return `entity "${entity.type}" at offset ${entity.offset}: ${fault}`;
  }
  return undefined;
}

const STANDALONE: ReadonlySet<string> = new Set(["code", "pre"]);
const QUOTES: ReadonlySet<string> = new Set(["blockquote", "expandable_blockquote"]);

function faultOf(text: string, entity: LocalEntity, all: readonly LocalEntity[]): string | undefined {
  const end = entity.offset + entity.length;
  if (end > text.length) return "it ends behind the text";
  if (splitsPair(text, entity.offset) || splitsPair(text, end)) return "it cuts a surrogate pair";
  if (text.slice(entity.offset, end).trim() === "") return "it covers nothing but blanks";
  if (entity.type === "text_link" && !isLinkable(entity.url)) return "its URL is invalid";
  const touching = all.filter((other) => other !== entity && other.offset < end && entity.offset < endOf(other));
  return touching.map((other) => clash(entity, other)).find((fault) => fault !== undefined);
}

const endOf = ({ offset, length }: LocalEntity): number => offset + length;

/** Why two entities cannot have characters in common. */
function clash(entity: LocalEntity, other: LocalEntity): string | undefined {
  const holds = (outer: LocalEntity, inner: LocalEntity): boolean =>
    outer.offset <= inner.offset && endOf(inner) <= endOf(outer);
  if (!holds(entity, other) && !holds(other, entity)) return `it overlaps "${other.type}"`;
  if (entity.type === other.type) return "it lies in one of its own kind";
  if (QUOTES.has(entity.type) && QUOTES.has(other.type)) return "quotations cannot be nested";
  return STANDALONE.has(entity.type) && !QUOTES.has(other.type)
    ? `it cannot be combined with "${other.type}"`
    : undefined;
}

function splitsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function isLinkable(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /^(?:https?|tg|ton):$/u.test(new URL(url).protocol);
}

/** What Telegram finds by itself: commands, mentions, addresses. Nothing inside code or links. */
export function findEntities(text: string, given: readonly LocalEntity[] = []): readonly LocalEntity[] {
  const patterns = [
    { type: "bot_command", pattern: /(?<=^|\s)\/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?/gu },
    { type: "mention", pattern: /(?<![\w@/])@[A-Za-z0-9_]{4,32}\b/gu },
    { type: "url", pattern: /\bhttps?:\/\/[^\s)]+/gu },
  ] as const;
  const closed = given.filter(({ type }) => STANDALONE.has(type) || type === "text_link");
  const found = patterns.flatMap(({ type, pattern }) =>
    [...text.matchAll(pattern)].map((match): LocalEntity => ({ type, offset: match.index, length: match[0].length })),
  );
  return [
    ...given,
    ...found.filter(({ offset }) => !closed.some((one) => one.offset <= offset && offset < one.offset + one.length)),
  ].toSorted((left, right) => left.offset - right.offset || right.length - left.length);
}
