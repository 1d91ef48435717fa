import { createHash } from "node:crypto";
import type { CountTokensRequest } from "./request-schema.ts";
import { countTokens } from "./tokens.ts";

/** What a request reads from the cache and writes to it, in tokens. */
export interface CachedTokens {
  readonly read: number;
  readonly written: number;
}

/** Shorter prefixes are not kept. */
const FEWEST_TOKENS = 512;
/** So many blocks before a mark the API looks for something that it kept. */
const LOOK_BACK = 20;

interface Block {
  readonly key: string;
  readonly tokens: number;
  readonly isMarked: boolean;
}

/** The prompt cache of the API: prefixes up to a mark are kept, and read by later requests that begin the same. */
export function createPromptCache(): (request: CountTokensRequest) => CachedTokens {
  const kept = new Set<string>();
  return (request) => {
    const prefixes = prefixesOf(request);
    const marks = prefixes.flatMap(({ isMarked }, index) => (isMarked ? [index] : []));
    const last = marks.at(-1);
    if (last === undefined) return { read: 0, written: 0 };
    const read = Math.max(0, ...keptBehind(marks, prefixes, kept));
    const whole = prefixes[last]?.tokens ?? 0;
    for (const mark of marks) {
      const { key = "", tokens = 0 } = prefixes[mark] ?? {};
      if (tokens >= FEWEST_TOKENS) kept.add(key);
    }
    return { read, written: whole >= FEWEST_TOKENS ? Math.max(0, whole - read) : 0 };
  };
}

/** The tokens of the kept prefixes that a mark is near enough to. */
function keptBehind(
  marks: readonly number[],
  prefixes: readonly Block[],
  kept: ReadonlySet<string>,
): readonly number[] {
  return marks
    .flatMap((mark) => Array.from({ length: LOOK_BACK + 1 }, (_, back) => prefixes[mark - back]))
    .flatMap((prefix) => (prefix !== undefined && kept.has(prefix.key) ? [prefix.tokens] : []));
}

/** Tools, system prompt, messages: in the order in which the API reads them, each with all before it. */
function prefixesOf({ model, tools = [], system = [], messages }: CountTokensRequest): readonly Block[] {
  const systemBlocks = typeof system === "string" ? [{ type: "text", text: system }] : system;
  const spoken = messages.flatMap(({ role, content }) =>
    (typeof content === "string" ? [{ type: "text" as const, text: content }] : content).map((block) => ({
      role,
      ...block,
    })),
  );
  let key = model;
  let tokens = 0;
  return [...tools, ...systemBlocks, ...spoken].map((block) => {
    const { cache_control: mark, ...plain } = { cache_control: undefined, ...block };
    const text = JSON.stringify(plain);
    key = createHash("sha256").update(key).update(text).digest("hex");
    tokens += countTokens(text);
    return { key, tokens, isMarked: mark != null };
  });
}
