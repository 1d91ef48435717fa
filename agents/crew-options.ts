/** What `crew({ … })` accepts. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import type { ConfigPlace } from "../core/bot.ts";
import { checkSettings, readSettings } from "../core/config/check-settings.ts";
import type { ConfigIssue } from "../core/config/config-error.ts";
import { missingPackages } from "../core/config/missing-package.ts";
import { resolveSecret, SecretReference, secretOrReference } from "../core/config/secret.ts";

const CLAUDE_PACKAGES = ["@langchain/anthropic", "@anthropic-ai/sdk"];

const milliseconds = z.number().int().positive();
const effort = z.enum(["low", "medium", "high", "xhigh", "max"]);

const BaseUrl = z.url({ protocol: /^https?$/ }).describe('an http(s) address such as "https://llm.example/anthropic"');

/** Claude, as an admin configures it. */
export const ClaudeCrewOptions = z.strictObject({
  /** By reference: `env("NAME")` or `file("path")`. @default env("ANTHROPIC_API_KEY") */
  apiKey: secretOrReference().optional(),
  /** Wins over that of the crew. */
  baseUrl: BaseUrl.optional(),
  /** Writes the answers. @default "claude-sonnet-5-5" */
  answersModel: z.string().min(1).optional(),
  /** Reads intents and chooses tools. @default "claude-haiku-5-5" */
  fastModel: z.string().min(1).optional(),
  /** Longest answer in tokens, thinking included. @default 16000 */
  maxTokens: z.number().int().min(1).max(128_000).optional(),
  /** How much work goes into an answer. @default "medium" */
  effort: effort.optional(),
  /** A connection that sends nothing for so long is closed. @default 15000 */
  idleTimeoutMs: milliseconds.optional(),
  /** One answer in all, repeated attempts included; keep it below `limits.turnTimeoutMs`. */
  deadlineMs: milliseconds.default(40_000),
  /** Without it, a failing provider is answered by an apology instead of the offline brain. */
  offlineFallback: z.boolean().default(true),
});
export type ClaudeCrewOptions = z.output<typeof ClaudeCrewOptions>;

const Variables = z.object({ ANTHROPIC_BASE_URL: BaseUrl.optional() });

/** The address of the Messages API that the environment names; what is wrong with it is refused when the file is read. */
export function baseUrlOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return readSettings(Variables, variables(environment), "crew").ANTHROPIC_BASE_URL;
}

function variables({ ANTHROPIC_BASE_URL: named = "" }: Readonly<Record<string, string | undefined>>): unknown {
  return named.trim() === "" ? {} : { ANTHROPIC_BASE_URL: named.trim() };
}

export interface CrewOptions {
  /**
   * `auto`: Claude when `ANTHROPIC_API_KEY` is set when the bot is opened, else the embedded brain. `offline`: the
   * embedded brain, which needs no key and no network. Otherwise Claude with these settings, or any chat model of
   * LangChain that can call tools. @default "auto"
   */
  readonly model?: "auto" | "offline" | z.input<typeof ClaudeCrewOptions> | BaseChatModel;
  /**
   * Where the Messages API is: a gateway or a proxy that speaks it. @default the environment's `ANTHROPIC_BASE_URL`, else
   * https://api.anthropic.com
   */
  readonly baseUrl?: string;
  /** `single`: one agent with tools instead of four roles, as a baseline to measure against. @default "crew" */
  readonly roles?: "crew" | "single";
  /** Rounds of tool calls per turn at most. @default 4 */
  readonly maxToolRounds?: number;
  /** ISO 4217 code of amounts that name no currency. @default "EUR" */
  readonly currency?: string;
}

const Options = z.strictObject({
  model: z
    .union([
      z.enum(["auto", "offline"]),
      z.custom<BaseChatModel>(isChatModel).describe("a chat model of LangChain"),
      ClaudeCrewOptions.describe('settings of Claude such as { answersModel: "claude-sonnet-5-5" }'),
    ])
    .default("auto"),
  baseUrl: BaseUrl.optional(),
  roles: z.enum(["crew", "single"]).default("crew"),
  maxToolRounds: z.number().int().min(1).max(20).default(4),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('a currency such as "EUR"')
    .default("EUR"),
});

/** Options after validation. */
export interface CrewSettings extends Omit<z.output<typeof Options>, "model"> {
  readonly model:
    | { readonly kind: "auto" | "offline" }
    | { readonly kind: "claude"; readonly options: ClaudeCrewOptions }
    | { readonly kind: "custom"; readonly model: BaseChatModel };
}

/** Checks the options. Throws `SettingsError` with every fault. */
export function readCrewOptions(options: CrewOptions): CrewSettings {
  const { model, ...settings } = readSettings(Options, options, "crew");
  if (model === "auto" || model === "offline") return { ...settings, model: { kind: model } };
  if (isChatModel(model)) return { ...settings, model: { kind: "custom", model } };
  return { ...settings, model: { kind: "claude", options: model } };
}

/** Packages that are not installed, a key that is not set, and an address in the environment that is none. */
export function missingForCrew({ model }: CrewSettings, place: ConfigPlace): readonly ConfigIssue[] {
  const asksClaude = model.kind === "claude" || (model.kind === "auto" && hasKey(place.environment));
  const issues = asksClaude ? [...missingPackages("Claude", CLAUDE_PACKAGES, "model")] : [];
  const key = model.kind === "claude" ? model.options.apiKey : undefined;
  if (key instanceof SecretReference) {
    resolveSecret(key, place, (issue) => issues.push({ path: "model.apiKey", ...issue }));
  }
  const inEnvironment = checkSettings(Variables, variables(place.environment)).issues;
  return model.kind === "auto" || model.kind === "claude" ? [...issues, ...inEnvironment] : issues;
}

/** Where the key of Claude is looked for. */
export const KEY_VARIABLE = "ANTHROPIC_API_KEY";

/** Whether `auto` means Claude. */
export function hasKey(environment: Readonly<Record<string, string | undefined>>): boolean {
  return (environment[KEY_VARIABLE] ?? "") !== "";
}

/** A chat model is told by its methods: packages may bring their own copy of LangChain's classes. */
function isChatModel(value: unknown): value is BaseChatModel {
  return typeof value === "object" && value !== null && "invoke" in value && "stream" in value;
}
