import type { Check } from "../core/check.ts";
import { describeError } from "../core/errors.ts";
import { directNetwork, type Network } from "../core/network/network.ts";
import type { ModelChoice } from "./choose-model.ts";
import { packagesOf } from "./models/providers.ts";
import { readClaudeOptions } from "./models/claude-settings.ts";

const NAME = "language model";
const CHECK_TIMEOUT_MS = 5_000;
const API = "https://api.anthropic.com";

/** For `doctor`: which models answer, in which order and why; with Claude, whether its API takes the key and knows the models. */
export async function checkCrew(
  choices: readonly ModelChoice[],
  network: Network = directNetwork,
): Promise<readonly Check[]> {
  const asked = choices.filter(({ kind }) => kind !== "offline");
  const told = asked.length === 0 ? choices : asked;
  return (await Promise.all(told.map(async (choice) => await checkChoice(choice, network)))).flat();
}

async function checkChoice(choice: ModelChoice, network: Network): Promise<readonly Check[]> {
  switch (choice.kind) {
    case "offline":
      return [
        {
          name: NAME,
          status: "ok",
          detail: `the embedded brain answers: ${choice.why}. It needs no key and no network.`,
        },
      ];
    case "custom":
      return [{ name: NAME, status: "ok", detail: `a chat model of LangChain answers: ${choice.why}.` }];
    case "named": {
      const { provider, id } = choice.model;
      return [
        {
          name: NAME,
          status: "ok",
          detail: `${packagesOf(choice.model).title} answers (${provider}:${id}): ${choice.why}.`,
        },
      ];
    }
    case "claude":
      return [await checkClaude(choice, network)];
  }
}

async function checkClaude(
  { options, apiKey, why }: ModelChoice & { readonly kind: "claude" },
  network: Network,
): Promise<Check> {
  const base = options.baseUrl ?? API;
  // The address may hold what is nobody's business; its host is enough.
  const path = `${new URL(base).host} ${network.describe(base)}`;
  const wanted = [
    options.answersModel ?? readClaudeOptions({ role: "answers" }).model,
    options.fastModel ?? readClaudeOptions({ role: "fast" }).model,
  ];
  const meanwhile = options.offlineFallback ? " Until then the embedded brain answers." : "";
  const warning = (detail: string, remedy: string): Check => ({ name: NAME, status: "warning", detail, remedy });
  try {
    const key = apiKey();
    const statuses = await Promise.all(wanted.map(async (model) => await statusOfModel({ base, model, key })));
    if (statuses.some((status) => status === 401 || status === 403)) {
      return warning("the API of Claude refuses the key", `Put a valid key where the settings point.${meanwhile}`);
    }
    const unknown = wanted.filter((_model, index) => statuses[index] === 404);
    if (unknown.length > 0) {
      return warning(
        `the API of Claude does not know ${unknown.join(", ")}`,
        "Name other models in crew({ model: … }).",
      );
    }
    const failed = statuses.find((status) => status >= 400);
    if (failed !== undefined) {
      return warning(`the API of Claude answers ${failed}`, `Try again, and look at its status page.${meanwhile}`);
    }
    return { name: NAME, status: "ok", detail: `Claude answers (${wanted.join(", ")}; ${path}): ${why}.` };
  } catch (thrown) {
    return warning(
      `the API of Claude cannot be reached (${path}: ${describeError(thrown)})`,
      `Check key, network and base URL.${meanwhile}`,
    );
  }
}

/** GET /v1/models/<id> costs nothing. */
async function statusOfModel(asked: {
  readonly base: string;
  readonly model: string;
  readonly key: string;
}): Promise<number> {
  const url = `${asked.base.replace(/\/+$/u, "")}/v1/models/${encodeURIComponent(asked.model)}`;
  const response = await fetch(url, {
    headers: { "x-api-key": asked.key, "anthropic-version": "2023-06-01" },
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
  });
  await response.body?.cancel();
  return response.status;
}
