/** Which model a crew uses, and why. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { OpenContext } from "../core/bot.ts";
import { resolveSecrets, Secret, SecretReference } from "../core/config/secret.ts";
import { InvalidInputError } from "../core/errors.ts";
import { baseUrlOf, ClaudeCrewOptions, type CrewSettings, hasKey, KEY_VARIABLE } from "./crew-options.ts";

export type ModelChoice =
  | { readonly kind: "offline"; readonly why: string }
  | {
      readonly kind: "claude";
      readonly why: string;
      readonly options: ClaudeCrewOptions;
      /** Read at each request, so that nothing holds the key. Throws `InvalidInputError` when it is missing. */
      readonly apiKey: () => string;
    }
  | { readonly kind: "custom"; readonly why: string; readonly model: BaseChatModel };

/** Decides by the settings and, for `auto`, by whether a key is there now. */
export function chooseModel(
  { model: setting, baseUrl: ofCrew }: Pick<CrewSettings, "model" | "baseUrl">,
  context: Pick<OpenContext, "configDirectory">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ModelChoice {
  const keyOf = (reference: Secret | SecretReference) => () => readKey(reference, context, environment);
  const withBaseUrl = (options: ClaudeCrewOptions): ClaudeCrewOptions => {
    const baseUrl = options.baseUrl ?? ofCrew ?? baseUrlOf(environment);
    return baseUrl === undefined ? options : { ...options, baseUrl };
  };
  switch (setting.kind) {
    case "offline":
      return { kind: "offline", why: "it is configured" };
    case "custom":
      return { kind: "custom", why: "it is configured", model: setting.model };
    case "claude": {
      const { apiKey = new SecretReference("env", KEY_VARIABLE) } = setting.options;
      return { kind: "claude", why: "it is configured", options: withBaseUrl(setting.options), apiKey: keyOf(apiKey) };
    }
    case "auto": {
      if (!hasKey(environment)) return { kind: "offline", why: `${KEY_VARIABLE} is not set` };
      const apiKey = keyOf(new SecretReference("env", KEY_VARIABLE));
      return {
        kind: "claude",
        why: `${KEY_VARIABLE} is set`,
        options: withBaseUrl(ClaudeCrewOptions.parse({})),
        apiKey,
      };
    }
  }
}

function readKey(
  reference: Secret | SecretReference,
  { configDirectory }: Pick<OpenContext, "configDirectory">,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const readFile = (path: string): string => readFileSync(resolve(configDirectory, path), "utf8");
  const { value, issues } = resolveSecrets(reference, { environment, readFile });
  if (value instanceof Secret && issues.length === 0) return value.reveal();
  const faults = issues.map(({ message, fix }) => `${message}. ${fix}`).join(" ");
  throw new InvalidInputError("crew/no-key", `crew({ model: … }) needs an API key: ${faults}`);
}
