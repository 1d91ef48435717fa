/** Language models by the names of LangChain's `initChatModel`, such as `openai:gpt-5.5` or `ollama:qwen3`. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { needPackages } from "../../core/config/missing-package.ts";
import { InvalidInputError } from "../../core/errors.ts";

/** A provider whose package is an optional peer. */
interface Provider {
  readonly title: string;
  /** The package that brings its chat model. */
  readonly package: string;
  /** Where its client looks for the key; none where it needs none. */
  readonly keys: readonly string[];
}

const providers: Readonly<Record<string, Provider>> = {
  openai: { title: "OpenAI", package: "@langchain/openai", keys: ["OPENAI_API_KEY"] },
  "google-genai": { title: "Gemini", package: "@langchain/google-genai", keys: ["GOOGLE_API_KEY", "GEMINI_API_KEY"] },
  groq: { title: "Groq", package: "@langchain/groq", keys: ["GROQ_API_KEY"] },
  ollama: { title: "Ollama", package: "@langchain/ollama", keys: [] },
};

/** What makes models out of names. */
const UNIVERSAL = "langchain";

/** A model by provider and id. */
export interface NamedModel {
  readonly provider: string;
  readonly id: string;
}

/** The names of the providers besides Claude's. */
export const providerNames: readonly string[] = Object.keys(providers);

/** Takes `provider:id` apart; undefined for everything else. */
export function namedModel(name: string): NamedModel | undefined {
  const at = name.indexOf(":");
  const [provider, id] = [name.slice(0, at), name.slice(at + 1).trim()];
  return at > 0 && id !== "" ? { provider, id } : undefined;
}

/** The packages that a provider needs, and what it is called. */
export function packagesOf({ provider }: NamedModel): { readonly title: string; readonly packages: readonly string[] } {
  const known = providers[provider];
  return { title: known?.title ?? provider, packages: known === undefined ? [] : [UNIVERSAL, known.package] };
}

/** The variables of which one must be set, where none is. */
export function missingKeys(
  { provider }: NamedModel,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const keys = providers[provider]?.keys ?? [];
  return keys.some((key) => (environment[key] ?? "") !== "") ? [] : keys;
}

/**
 * Makes the model; nothing is sent yet. Its client neither retries nor waits: `askModel` does. Throws `package/missing`, or
 * `InvalidInputError` (`crew/model`) where the provider's client refuses its settings, such as a missing key.
 */
export async function loadNamedModel(model: NamedModel): Promise<BaseChatModel> {
  const { provider, id } = model;
  const { title, packages } = packagesOf(model);
  needPackages(title, packages);
  const { initChatModel } = await import("langchain/chat_models/universal");
  try {
    const made = await initChatModel(id, {
      modelProvider: provider,
      maxRetries: 0,
      ...(provider === "google-genai" && geminiSettings(process.env)),
    });
    // oxlint-disable-next-line no-underscore-dangle -- the model itself: what is around it hides `bindTools` and `stream`
    return await made._getModelInstance();
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.name : "unknown error";
    throw new InvalidInputError(
      "crew/model",
      `The model ${provider}:${id} cannot be made (${said}). Check the name, its key and its package.`,
      [],
      { cause: thrown },
    );
  }
}

/** Gemini's client looks for its key in one variable only, and for its address in none. */
function geminiSettings({
  GOOGLE_API_KEY: google = "",
  GEMINI_API_KEY: gemini = "",
  GOOGLE_GEMINI_BASE_URL: baseUrl = "",
}: NodeJS.ProcessEnv) {
  return { apiKey: google === "" ? gemini : google, ...(baseUrl !== "" && { baseUrl }) };
}
