/** A crew of one bot: the roles it works with, loaded when they are first needed, and what happens when they fail. */
import { createBreaker, type Breaker } from "../core/breaker/breaker.ts";
import type { OpenContext } from "../core/bot.ts";
import type { Crew, CrewResult, CrewTurn } from "../core/crew.ts";
import { describeError, ParleyError } from "../core/errors.ts";
import { isCacheable } from "./cacheable.ts";
import { chooseModel, type ModelChoice } from "./choose-model.ts";
import type { CrewSettings } from "./crew-options.ts";
import { isProviderFailure, needsAdmin, speaksAgainstProvider } from "./provider-failure.ts";
import { statusOfFallback } from "./prompts/status-lines.ts";
import type { Desk, Roles } from "./roles/contract.ts";
import { createCallDesk, type CallDesk } from "./roles/tool-calls.ts";

/** When the parts that the first message needs are loaded, after the start is over. */
const WARM_UP_AFTER_MS = 1_000;

/** Opens the crew. Fast and small: LangGraph, models and the classifier are loaded a moment later. */
export function openCrew(settings: CrewSettings, context: OpenContext): Crew {
  const choice = chooseModel(settings, context);
  // A missing key is told at start, not by the first customer.
  if (choice.kind === "claude") choice.apiKey();
  const { log, metrics } = context.telemetry;
  const service = `model:${choice.kind}`;
  const breaker = createBreaker({
    service,
    clock: context.environment.clock,
    counts: speaksAgainstProvider,
    onState: (state) => metrics.breaker({ service, state }),
  });
  const offline = once(async () => await loadOffline(settings, context));
  const primary =
    choice.kind === "offline" ? undefined : once(async () => await loadModel({ choice, settings, context, breaker }));
  const graph = once(async () => await import("./graph.ts"));
  const warmUp = setTimeout(() => {
    void Promise.all([graph(), (primary ?? offline)()]).catch((thrown: unknown) => {
      log.error({ bot: context.bot.id, error: describeError(thrown) }, "the crew could not be prepared");
    });
  }, WARM_UP_AFTER_MS);
  warmUp.unref();
  const fallsBack = choice.kind !== "claude" || choice.options.offlineFallback;

  const attempt = async (roles: Roles, desk: Desk, calls: CallDesk): Promise<CrewResult> => {
    const { runGraph } = await graph();
    const state = await runGraph({ desk, roles, calls, maxToolRounds: settings.maxToolRounds });
    if (state.reply === null)
      throw new ParleyError("crew/no-answer", "The crew ended without an answer. That is a bug.");
    return {
      reply: state.reply,
      remember: state.intention?.remember ?? [],
      cacheable: isCacheable(state, desk, calls),
    };
  };

  return {
    run: async (input, turn) => {
      const desk: Desk = { input, turn, clock: context.environment.clock, telemetry: context.telemetry };
      const calls = createCallDesk(turn, input.bot.locale);
      if (primary === undefined) return await attempt(await offline(), desk, calls);
      try {
        return await attempt(await primary(), desk, calls);
      } catch (thrown) {
        turn.signal.throwIfAborted();
        report(thrown, { context, breaker, turn });
        if (!fallsBack || !isProviderFailure(thrown)) throw thrown;
        turn.emit({ type: "reset" });
        turn.emit({ type: "status", text: statusOfFallback(input.bot.locale) });
        // The provider will be back: an answer without it must not stay in the cache.
        return { ...(await attempt(await offline(), desk, calls)), cacheable: false };
      }
    },
    close: async () => {
      clearTimeout(warmUp);
    },
  };
}

interface Failure {
  readonly context: OpenContext;
  readonly breaker: Breaker;
  readonly turn: CrewTurn;
}

function report(thrown: unknown, { context, breaker, turn }: Failure): void {
  const { log } = context.telemetry;
  const fields = { bot: context.bot.id, error: describeError(thrown), breaker: breaker.state() };
  if (needsAdmin(thrown))
    log.error(fields, "the language model refuses to work: its key, credit or settings need the admin");
  else log.warn(fields, "the language model could not answer");
  turn.trace({
    kind: "breaker",
    name: "model",
    outcome: breaker.state(),
    detail: thrown instanceof ParleyError ? thrown.code : "unexpected error",
  });
}

async function loadOffline({ currency }: CrewSettings, { bot }: OpenContext): Promise<Roles> {
  const { createOfflineRoles } = await import("./offline-roles/index.ts");
  return await createOfflineRoles({ timeZone: bot.timeZone, locale: bot.locale, defaultCurrency: currency });
}

interface ModelLoading {
  readonly choice: Exclude<ModelChoice, { readonly kind: "offline" }>;
  readonly settings: CrewSettings;
  readonly context: OpenContext;
  readonly breaker: Breaker;
}

async function loadModel({ choice, settings, context, breaker }: ModelLoading): Promise<Roles> {
  const { createModelRoles, customModels } = await import("./model-roles/index.ts");
  const models =
    choice.kind === "custom"
      ? customModels(choice.model)
      : (await import("./model-roles/claude-models.ts")).claudeModels(choice, context);
  return createModelRoles({ models, breaker, single: settings.roles === "single" });
}

/** Loads once; a failed load is tried again by the next caller. */
function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return async () => {
    loading ??= load().catch((thrown: unknown) => {
      loading = undefined;
      throw thrown;
    });
    return await loading;
  };
}
