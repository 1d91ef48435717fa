/**
 * What each model accepts, after the migration guides on platform.claude.com (September to November 2026).
 * The server refuses by this table; the product keeps its own, so that a mistake in one shows in a test.
 */

export type ThinkingType = "adaptive" | "enabled" | "disabled" | "between_tools";

export interface ModelRules {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: string;
  readonly maxOutputTokens: number;
  readonly contextWindow: number;
  /** Whether temperature, top_p and top_k may differ from their defaults. */
  readonly sampling: boolean;
  readonly thinking: readonly ThinkingType[];
  /** What a request without `thinking` runs with. */
  readonly thinkingDefault: ThinkingType;
  /** Whether thinking text is left out of answers unless `display` asks for it. */
  readonly thinkingOmitted: boolean;
  readonly effort: boolean;
  /** `tool_choice` of type `tool` or `any`. */
  readonly forcedToolChoice: boolean;
  readonly prefill: boolean;
}

const current = {
  maxOutputTokens: 128_000,
  contextWindow: 1_000_000,
  sampling: false,
  thinkingDefault: "adaptive",
  thinkingOmitted: true,
  effort: true,
  forcedToolChoice: false,
  prefill: false,
} as const;

const table: readonly ModelRules[] = [
  {
    ...current,
    id: "claude-haiku-5-5",
    displayName: "Claude Haiku 5.5",
    createdAt: "2026-10-07T00:00:00Z",
    thinking: ["adaptive", "disabled"],
    forcedToolChoice: true,
  },
  {
    ...current,
    id: "claude-sonnet-5-5",
    displayName: "Claude Sonnet 5.5",
    createdAt: "2026-09-28T00:00:00Z",
    thinking: ["adaptive", "between_tools"],
  },
  {
    ...current,
    id: "claude-opus-5-5",
    displayName: "Claude Opus 5.5",
    createdAt: "2026-09-22T00:00:00Z",
    thinking: ["adaptive"],
  },
  {
    ...current,
    id: "claude-fable-5-1",
    displayName: "Claude Fable 5.1",
    createdAt: "2026-08-20T00:00:00Z",
    thinking: ["adaptive"],
  },
  {
    ...current,
    id: "claude-haiku-4-5",
    displayName: "Claude Haiku 4.5",
    createdAt: "2025-10-01T00:00:00Z",
    maxOutputTokens: 64_000,
    contextWindow: 200_000,
    sampling: true,
    thinking: ["enabled", "disabled"],
    thinkingDefault: "disabled",
    thinkingOmitted: false,
    effort: false,
    forcedToolChoice: true,
    prefill: true,
  },
];

/** Every model the server knows, newest first, as `GET /v1/models` lists them. */
export const knownModels: readonly ModelRules[] = table;

/** The rules of a model id, or `undefined` for a model that does not exist. */
export function rulesOf(model: string): ModelRules | undefined {
  return table.find((rules) => rules.id === model);
}
