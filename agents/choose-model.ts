/** Which models a crew uses, in which order, and why. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { OpenContext } from "../core/bot.ts";
import { resolveSecrets, Secret, SecretReference } from "../core/config/secret.ts";
import { InvalidInputError } from "../core/errors.ts";
import {
  baseUrlOf,
  ClaudeCrewOptions,
  type CrewSettings,
  hasKey,
  KEY_VARIABLE,
  type ModelSetting,
} from "./crew-options.ts";
import type { NamedModel } from "./models/providers.ts";

export type ModelChoice =
  | { readonly kind: "offline"; readonly why: string }
  | {
      readonly kind: "claude";
      readonly why: string;
      readonly options: ClaudeCrewOptions;
      /** Read at each request, so that nothing holds the key. Throws `InvalidInputError` when it is missing. */
      readonly apiKey: () => string;
    }
  | { readonly kind: "named"; readonly why: string; readonly model: NamedModel }
  | { readonly kind: "custom"; readonly why: string; readonly model: BaseChatModel };

type Environment = Readonly<Record<string, string | undefined>>;

interface Choosing {
  readonly configDirectory: string;
  readonly baseUrl: string | undefined;
  readonly environment: Environment;
}

/**
 * The models in the order in which they are tried, decided by the settings and, for `auto`, by whether a key is there
 * now. The embedded brain comes last, unless a setting forbids it.
 */
export function chooseModels(
  { models, baseUrl }: Pick<CrewSettings, "models" | "baseUrl">,
  { configDirectory }: Pick<OpenContext, "configDirectory">,
  environment: Environment = process.env,
): readonly ModelChoice[] {
  const chosen = models.map((setting) => choose(setting, { configDirectory, baseUrl, environment }));
  const asked = chosen.filter(({ kind }) => kind !== "offline");
  const fallsBack = asked.every((choice) => choice.kind !== "claude" || choice.options.offlineFallback);
  const embedded = chosen.find(({ kind }) => kind === "offline") ?? LAST;
  return asked.length === 0 || fallsBack ? [...asked, embedded] : asked;
}

const LAST = { kind: "offline", why: "all others failed" } as const;

function choose(setting: ModelSetting, { configDirectory, baseUrl: ofCrew, environment }: Choosing): ModelChoice {
  const keyOf = (reference: Secret | SecretReference) => () => readKey(reference, { configDirectory }, environment);
  const withBaseUrl = (options: ClaudeCrewOptions): ClaudeCrewOptions => {
    const baseUrl = options.baseUrl ?? ofCrew ?? baseUrlOf(environment);
    return baseUrl === undefined ? options : { ...options, baseUrl };
  };
  switch (setting.kind) {
    case "offline":
      return { kind: "offline", why: "it is configured" };
    case "named":
      return { kind: "named", why: "it is configured", model: setting.model };
    case "custom":
      return { kind: "custom", why: "it is configured", model: setting.model };
    case "claude": {
      const { apiKey = new SecretReference("env", KEY_VARIABLE) } = setting.options;
      return { kind: "claude", why: "it is configured", options: withBaseUrl(setting.options), apiKey: keyOf(apiKey) };
    }
    case "auto": {
      if (!hasKey(environment)) return { kind: "offline", why: `${KEY_VARIABLE} is not set` };
      const apiKey = keyOf(new SecretReference("env", KEY_VARIABLE));
      const options = withBaseUrl(ClaudeCrewOptions.parse({}));
      return { kind: "claude", why: `${KEY_VARIABLE} is set`, options, apiKey };
    }
  }
}

function readKey(
  reference: Secret | SecretReference,
  { configDirectory }: Pick<OpenContext, "configDirectory">,
  environment: Environment,
): string {
  const readFile = (path: string): string => readFileSync(resolve(configDirectory, path), "utf8");
  const { value, issues } = resolveSecrets(reference, { environment, readFile });
  if (value instanceof Secret && issues.length === 0) return value.reveal();
  const faults = issues.map(({ message, fix }) => `${message}. ${fix}`).join(" ");
  throw new InvalidInputError("crew/no-key", `crew({ model: … }) needs an API key: ${faults}`);
}
