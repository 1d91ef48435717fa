import type { LoadedConfig } from "../../core/config/index.ts";
import type { TopicCounts, Topics } from "../../core/topics/topics.ts";

/** The topics that the tool packs of a configuration keep, each once. */
export function topicNames({ config }: Pick<LoadedConfig, "config">): readonly string[] {
  const names = Object.values(config.bots).flatMap(({ id, tools }) => tools.flatMap((pack) => pack.topics?.(id) ?? []));
  return [...new Set(names)];
}

/** What waits and what is dead, by topic. */
export async function topicCounts(
  topics: Pick<Topics, "counts">,
  names: readonly string[],
): Promise<Readonly<Record<string, TopicCounts>>> {
  const counted = await Promise.all(names.map(async (name) => [name, await topics.counts(name)] as const));
  return Object.fromEntries(counted);
}
