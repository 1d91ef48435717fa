/** Words that do not stand in a message's `content`: polls, cards, and texts laid out in components. Pure. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../../adapter.ts";

const Words = optionalPart(z.string());
const Embed = z.object({
  /** `rich`: written by an app. The others are previews that Discord adds to a link. */
  type: Words,
  title: Words,
  description: Words,
  author: optionalPart(z.object({ name: Words })),
  footer: optionalPart(z.object({ text: Words })),
  fields: readableItems(z.object({ name: z.string().default(""), value: z.string().default("") })),
});
const Poll = z.object({
  question: optionalPart(z.object({ text: Words })),
  answers: readableItems(z.object({ poll_media: z.object({ text: Words }) })),
});

/** The shape of what holds words, beside `content`. */
export const wordParts = {
  embeds: readableItems(Embed),
  poll: optionalPart(Poll),
  components: readableItems(z.looseObject({ type: z.number() })),
};
const WordParts = z.object(wordParts);
type WordParts = z.infer<typeof WordParts>;

/** How deep components may lie in each other; Discord allows three levels. */
const MAX_DEPTH = 6;
const TEXT_DISPLAY = 10;
const Nested = z.looseObject({
  type: optionalPart(z.number()),
  content: Words,
  components: readableItems(z.unknown()),
  accessory: z.unknown().optional(),
});

/** All words of a message, as Markdown: its own, a poll's question and answers, the texts of cards and components. */
export function wordsIn({ content, ...parts }: WordParts & { readonly content: string }): string {
  return [content, pollWords(parts), ...cardWords(parts), ...parts.components.flatMap((one) => componentWords(one, 0))]
    .filter((words) => words.trim() !== "")
    .join("\n\n");
}

/** What a message without words holds nevertheless; undefined where it holds nothing. */
export function unreadableIn({ embeds, poll, components }: WordParts): string | undefined {
  if (poll !== undefined) return "poll";
  // Buttons alone say nothing either.
  if (components.length > 0) return "components";
  return embeds.length > 0 ? "embed" : undefined;
}

function pollWords({ poll }: WordParts): string {
  if (poll === undefined) return "";
  const answers = poll.answers.map(({ poll_media: { text = "" } }) => text).filter((text) => text !== "");
  return [poll.question?.text ?? "", ...answers.map((text) => `- ${text}`)].filter((line) => line !== "").join("\n");
}

function cardWords({ embeds }: WordParts): readonly string[] {
  return embeds
    .filter(({ type }) => type === undefined || type === "rich" || type === "poll_result")
    .map(({ title, description, author, footer, fields }) => {
      const lines = fields.map(({ name, value }) => [name, value].filter((part) => part !== "").join(": "));
      return [author?.name, title, description, ...lines, footer?.text]
        .filter((part) => (part ?? "") !== "")
        .join("\n");
    });
}

function componentWords(component: unknown, depth: number): readonly string[] {
  const read = Nested.safeParse(component);
  if (!read.success || depth > MAX_DEPTH) return [];
  const { type, content = "", components, accessory } = read.data;
  const own = type === TEXT_DISPLAY ? [content] : [];
  return [...own, ...[...components, accessory].flatMap((one) => componentWords(one, depth + 1))];
}
