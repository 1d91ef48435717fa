import type { CrewContext } from "../core/bot.ts";
import type { Check } from "../core/check.ts";

const MOST_NAMES = 8;

/** For `doctor`: the tools that nobody can ask the embedded brain for, because nothing tells it how people do. */
export async function checkReached({
  tools,
  intents,
  requests,
}: Pick<CrewContext, "tools" | "intents" | "requests">): Promise<readonly Check[]> {
  const named = new Set([
    ...(await requests()).map(({ name }) => name),
    ...Object.values(intents).map(({ tool }) => tool),
  ]);
  const unreached = tools.filter(
    // Documents are searched whenever a question is none of its requests.
    ({ name, language, purpose }) => Object.keys(language).length === 0 && !named.has(name) && purpose !== "documents",
  );
  if (unreached.length === 0) return [];
  const names = unreached.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = unreached.length > MOST_NAMES ? ` and ${unreached.length - MOST_NAMES} more` : "";
  return [
    {
      name: "tools without a language",
      status: "warning",
      detail: `the embedded brain cannot call ${names.join(", ")}${more}: it does not know how people ask for them`,
      remedy:
        "Give each a language in defineTool (docs/developers.md) or langchain (docs/langchain.md), or name it in an intent of bots.config.ts.",
    },
  ];
}
