import { z } from "zod";
import { readSettings } from "../../core/config/check-settings.ts";
import type { AttemptFailure } from "./ask-model.ts";
import type { Timing } from "./timing.ts";

/** What each role asks by default: answers by the stronger model, quick decisions by the fast one. */
const roleDefaults = {
  answers: { model: "claude-sonnet-5-5", maxTokens: 16_000, thinking: "adaptive", effort: "medium" },
  fast: { model: "claude-haiku-5-5", maxTokens: 4_096, thinking: "least", effort: "low" },
} as const;

const milliseconds = z.number().int().positive();

/** The settings of a Claude model as an admin writes them. */
export const ClaudeOptions = z.strictObject({
  role: z.enum(["answers", "fast"]).default("answers"),
  /** @default by role: `claude-sonnet-5-5` for answers, `claude-haiku-5-5` for the fast role */
  model: z.string().min(1).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).default("https://api.anthropic.com"),
  /** Longest answer in tokens; thinking counts towards it. @default 16000 for answers, 4096 for the fast role */
  maxTokens: z.number().int().min(1).max(128_000).optional(),
  /** `least` is the lowest setting that the model takes. @default "adaptive" for answers, "least" for the fast role */
  thinking: z.enum(["adaptive", "least"]).optional(),
  /** How much work goes into an answer. @default "medium" for answers, "low" for the fast role */
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
  /** An answer that does not get on for so long is given up. */
  idleTimeoutMs: milliseconds.default(15_000),
  /** For attempts, pauses and the answer together. */
  deadlineMs: milliseconds.default(120_000),
  retry: z
    .strictObject({
      attempts: z.number().int().min(1).max(10).default(3),
      withinMs: milliseconds.default(10_000),
      pauseMs: milliseconds.default(500),
    })
    .prefault({}),
});

/** {@link ClaudeOptions} with the secret and the parts that tests replace. */
export interface ClaudeSettings extends z.input<typeof ClaudeOptions> {
  /** Called at each request; the key is kept nowhere. */
  readonly apiKey: () => string;
  readonly timing?: Timing;
  /** Jitter of the pauses, in [0, 1). */
  readonly random?: () => number;
  readonly onAttemptFailed?: (failure: AttemptFailure) => void;
}

/** Checks the options and fills in the role's defaults. Throws `SettingsError` with every fault. */
export function readClaudeOptions(options: z.input<typeof ClaudeOptions>) {
  const read = readSettings(ClaudeOptions, options, "claude");
  const defaults = roleDefaults[read.role];
  return {
    ...read,
    model: read.model ?? defaults.model,
    maxTokens: read.maxTokens ?? defaults.maxTokens,
    thinking: read.thinking ?? defaults.thinking,
    effort: read.effort ?? defaults.effort,
  };
}
