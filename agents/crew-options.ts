/** What `crew({ … })` accepts. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import type { ConfigPlace } from "../core/bot.ts";
import { checkSettings, readSettings } from "../core/config/check-settings.ts";
import type { ConfigIssue } from "../core/config/config-error.ts";
import { missingPackages } from "../core/config/missing-package.ts";
import { type Specialist, SpecialistName, specialistFields, specialistOf } from "./specialists/specialist.ts";
import { resolveSecret, SecretReference, secretOrReference } from "../core/config/secret.ts";
import type { ModelPrice } from "./models/pricing.ts";
import { missingKeys, type NamedModel, namedModel, packagesOf, providerNames } from "./models/providers.ts";

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
  /** An answer that does not get on for so long is given up. @default 15000 */
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

/** One model of a crew, as an admin names it. */
type ModelOption = string | z.input<typeof ClaudeCrewOptions> | BaseChatModel;

export interface CrewOptions {
  /**
   * `auto`: Claude when `ANTHROPIC_API_KEY` is set when the bot is opened, else the embedded brain. `offline`: the
   * embedded brain, which needs no key and no network. Otherwise a model of LangChain by its name
   * (`anthropic:claude-sonnet-5-5`, `openai:…`, `google-genai:…`, `groq:…`, `ollama:…`), Claude with these settings, or a
   * chat model of LangChain that can call tools. A list is tried in its order while providers fail; last comes the
   * embedded brain. @default "auto"
   */
  readonly model?: ModelOption | readonly ModelOption[];
  /**
   * Where the Messages API is: a gateway or a proxy that speaks it. @default the environment's `ANTHROPIC_BASE_URL`, else
   * https://api.anthropic.com
   */
  readonly baseUrl?: string;
  /** `single`: one agent with tools instead of four roles, as a baseline to measure against. @default "crew" */
  readonly roles?: "crew" | "single";
  /**
   * Agents with tools, instructions, a model and a budget of their own, by name. `knowledge`, `actions`, `recommendations`,
   * `research`, `dataAnalysis`, `coding` and `smallTalk` are ready: an entry with such a name may be empty. Left out: all
   * work is done with all tools. `roles: "single"` works without them.
   */
  readonly specialists?: Readonly<Record<string, z.input<typeof SpecialistOptions>>>;
  /** Rounds of tool calls per turn at most. @default 4 */
  readonly maxToolRounds?: number;
  /** ISO 4217 code of amounts that name no currency. @default "EUR" */
  readonly currency?: string;
  /** What models cost in US dollars per million tokens, by id; those of Claude are known. Spend caps count with them. */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
}

const ModelName = z
  .string()
  .refine((name) => name === "auto" || name === "offline" || isKnownModel(name))
  .describe(
    `"auto", "offline", or a provider (${["anthropic", ...providerNames].join(", ")}) and a model such as "openai:gpt-5.5"`,
  );

const Model = z.union([
  ModelName,
  z.custom<BaseChatModel>(isChatModel).describe("a chat model of LangChain"),
  ClaudeCrewOptions.describe('settings of Claude such as { answersModel: "claude-sonnet-5-5" }'),
]);

const perMillion = z.number().nonnegative().max(10_000);

const SpecialistOptions = z.strictObject({
  ...specialistFields,
  /** @default that of the crew */
  model: Model.optional(),
});

const Options = z.strictObject({
  model: z.union([Model, z.array(Model).min(1).max(5).describe("a list of them")]).default("auto"),
  baseUrl: BaseUrl.optional(),
  roles: z.enum(["crew", "single"]).default("crew"),
  specialists: z
    .record(SpecialistName, SpecialistOptions)
    .superRefine((specialists, context) => {
      for (const [name, written] of Object.entries(specialists)) {
        if (specialistOf(name, written) !== undefined) continue;
        const message = "needs a description and tools: only the ready specialists may leave them out";
        context.addIssue({ code: "custom", path: [name], message });
      }
    })
    .default({}),
  maxToolRounds: z.number().int().min(1).max(20).default(4),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('a currency such as "EUR"')
    .default("EUR"),
  prices: z
    .record(
      z.string(),
      z.strictObject({
        input: perMillion,
        output: perMillion,
        cacheRead: perMillion.optional(),
        cacheWrite: perMillion.optional(),
      }),
    )
    .default({}),
});

/** One model of the chain, after validation. */
export type ModelSetting =
  | { readonly kind: "auto" | "offline" }
  | { readonly kind: "claude"; readonly options: ClaudeCrewOptions }
  | { readonly kind: "named"; readonly model: NamedModel }
  | { readonly kind: "custom"; readonly model: BaseChatModel };

/** Options after validation. */
export interface CrewSettings extends Omit<z.output<typeof Options>, "model" | "specialists"> {
  /** In the order in which they are tried. */
  readonly models: readonly ModelSetting[];
  readonly specialists: readonly (Specialist & { readonly model?: ModelSetting })[];
}

/** Checks the options. Throws `SettingsError` with every fault. */
export function readCrewOptions(options: CrewOptions): CrewSettings {
  const { model, specialists: written, ...settings } = readSettings(Options, options, "crew");
  const specialists = Object.entries(written).flatMap(([name, { model: own, ...fields }]) => {
    const specialist = specialistOf(name, fields);
    return specialist === undefined ? [] : [{ ...specialist, ...(own !== undefined && { model: settingOf(own) }) }];
  });
  return { ...settings, specialists, models: (Array.isArray(model) ? model : [model]).map(settingOf) };
}

function settingOf(model: z.output<typeof Model>): ModelSetting {
  if (model === "auto" || model === "offline") return { kind: model };
  if (typeof model !== "string") {
    return isChatModel(model) ? { kind: "custom", model } : { kind: "claude", options: model };
  }
  const { provider = "", id = "" } = namedModel(model) ?? {};
  if (provider !== "anthropic") return { kind: "named", model: { provider, id } };
  return { kind: "claude", options: ClaudeCrewOptions.parse({ answersModel: id }) };
}

function isKnownModel(name: string): boolean {
  const named = namedModel(name);
  return named !== undefined && (named.provider === "anthropic" || providerNames.includes(named.provider));
}

/** Packages that are not installed, keys that are not set, and an address in the environment that is none. */
export function missingForCrew({ models, specialists }: CrewSettings, place: ConfigPlace): readonly ConfigIssue[] {
  const ofChain = models.flatMap((model, index) =>
    missingForModel(model, place, models.length === 1 ? "model" : `model.${index}`),
  );
  const ofSpecialists = specialists.flatMap(({ name, model }) =>
    model === undefined ? [] : missingForModel(model, place, `specialists.${name}.model`),
  );
  return [...ofChain, ...ofSpecialists];
}

function missingForModel(model: ModelSetting, place: ConfigPlace, path: string): readonly ConfigIssue[] {
  if (model.kind === "named") return missingForNamed(model.model, place, path);
  const asksClaude = model.kind === "claude" || (model.kind === "auto" && hasKey(place.environment));
  const issues = asksClaude ? [...missingPackages("Claude", CLAUDE_PACKAGES, path)] : [];
  const key = model.kind === "claude" ? model.options.apiKey : undefined;
  if (key instanceof SecretReference) {
    resolveSecret(key, place, (issue) => issues.push({ path: `${path}.apiKey`, ...issue }));
  }
  if (model.kind === "claude" && key === undefined && !hasKey(place.environment)) {
    const fix = `Set ${KEY_VARIABLE} in the environment or in .env beside the config, or take the model away.`;
    issues.push({ path, message: `Claude needs a key: ${KEY_VARIABLE} is not set`, fix });
  }
  const inEnvironment = checkSettings(Variables, variables(place.environment)).issues;
  return model.kind === "auto" || model.kind === "claude" ? [...issues, ...inEnvironment] : issues;
}

function missingForNamed(model: NamedModel, { environment }: ConfigPlace, path: string): readonly ConfigIssue[] {
  const { title, packages } = packagesOf(model);
  const keys = missingKeys(model, environment);
  const noKey = {
    path,
    message: `${title} needs a key: ${keys.join(" or ")} is not set`,
    fix: "Set it in the environment or in .env beside the config, or take the model away.",
  };
  return [...missingPackages(title, packages, path), ...(keys.length > 0 ? [noKey] : [])];
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
