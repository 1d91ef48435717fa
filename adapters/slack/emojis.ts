/** Slack's names of common emojis, each behind its emoji. */
const EMOJIS: readonly (readonly string[])[] = [
  "👀 eyes ✅ white_check_mark ✔️ heavy_check_mark ❌ x 👍 +1 👎 -1 ❤️ heart 🎉 tada 🔥 fire 🤔 thinking_face",
  "⏳ hourglass_flowing_sand 👋 wave 🙏 pray 😂 joy 🚀 rocket ⚠️ warning ❓ question 💯 100 👏 clap 🙌 raised_hands",
]
  .flatMap((line) => line.match(/\S+ \S+/gu) ?? [])
  .map((pair) => pair.split(" "));

/** A reaction's emoji, or its Slack name in colons where it is none of the common ones. */
export function toEmoji(name: string): string {
  return EMOJIS.find((pair) => pair[1] === name)?.[0] ?? `:${name.slice(0, 60)}:`;
}

/** The Slack name of an emoji; undefined where there is none we know. */
export function toEmojiName(emoji: string): string | undefined {
  const bare = emoji.replaceAll("\uFE0F", "");
  const known = EMOJIS.find(([shown]) => shown?.replaceAll("\uFE0F", "") === bare);
  return known?.[1] ?? /^:?([a-z0-9_+-]+):?$/u.exec(emoji)?.[1];
}
