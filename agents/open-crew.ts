/** A crew of one bot: the roles it works with, loaded when they are first needed, and what happens when they fail. */
import { createBreaker, type Breaker } from "../core/breaker/breaker.ts";
import type { CrewContext } from "../core/bot.ts";
import type { Dialogue } from "../core/dialogue.ts";
import type { Crew, CrewInput, CrewResult, CrewTurn } from "../core/crew.ts";
import { describeError, ParleyError, toError } from "../core/errors.ts";
import type { ChatModels } from "./model-roles/chat-models.ts";
import { createPromptMask, NO_MASK, type PromptMask } from "./model-roles/prompt-mask.ts";
import { isCacheable } from "./cacheable.ts";
import { chooseModels, type ModelChoice } from "./choose-model.ts";
import type { CrewSettings } from "./crew-options.ts";
import { isModelFailure, isProviderFailure, needsAdmin, speaksAgainstProvider } from "./provider-failure.ts";
import { brokenOff, statusOfFallback, unfinishedTurn } from "./prompts/status-lines.ts";
import type { CrewState, Desk, Roles } from "./roles/contract.ts";
import { hasProposal, repliesOf } from "./roles/replies.ts";
import { checkReached } from "./unreached-tools.ts";
import { checkSpecialists } from "./specialists/check-specialists.ts";
import type { Specialist } from "./specialists/specialist.ts";
import { createTeam } from "./specialists/team.ts";
import { createCallDesk, type CallDesk } from "./roles/tool-calls.ts";

/** When the parts that the first message needs are loaded, after the start is over. */
const WARM_UP_AFTER_MS = 1_000;

/** One model of the chain, loaded when it is first asked. */
interface Link {
  readonly roles: () => Promise<Roles>;
  readonly breaker: Breaker;
  readonly isEmbedded: boolean;
}

/** Opens the crew. Fast and small: LangGraph, models and the classifier are loaded a moment later. */
export function openCrew(settings: CrewSettings, context: CrewContext): Crew {
  const choices = chooseModels(settings, context);
  // A missing key is told at start, not by the first customer.
  for (const choice of choices) if (choice.kind === "claude") choice.apiKey();
  const chain = choices.map((choice) => linkOf(choice, settings, context));
  const graph = once(async () => await import("./graph.ts"));
  const warmUp = setTimeout(() => void prepare([graph, ...chain.map(({ roles }) => roles)], context), WARM_UP_AFTER_MS);
  warmUp.unref();

  const specialists = settings.roles === "single" ? [] : settings.specialists;
  const ownRoles = ownRolesOf(specialists, settings, context);
  const attempt = async (roles: Roles, desk: Desk, calls: CallDesk, isFree: boolean): Promise<CrewResult> => {
    const { runGraph } = await graph();
    const rolesOf = async ({ name }: Specialist): Promise<Roles> =>
      (isFree ? undefined : await ownRoles.get(name)?.()) ?? roles;
    const team = createTeam({ specialists, desk, roles, rolesOf });
    const analyzing = specialists.length === 0 ? desk : { ...desk, specialists };
    const state = await runGraph({ desk: analyzing, roles, calls, team, maxToolRounds: settings.maxToolRounds });
    return resultOf(state, desk, calls);
  };

  const embedded = chain.filter(({ isEmbedded }) => isEmbedded);
  const asked = chain.filter(({ isEmbedded }) => !isEmbedded);
  /** Tries one model after the other, for as long as it is the provider that fails. */
  const runChain = async (links: readonly Link[], input: CrewInput, turn: CrewTurn): Promise<CrewResult> => {
    const { environment, telemetry } = context;
    const desk: Desk = { input, turn, clock: environment.clock, telemetry, mask: maskOf(context) };
    const calls = createCallDesk(turn, input.locale);
    for (const [index, { roles, breaker, isEmbedded }] of links.entries()) {
      try {
        const result = await attempt(await roles(), desk, calls, links === embedded);
        // The first model will be back: an answer without it must not stay in the cache.
        return links === chain && index === 0 ? result : { ...result, cacheable: false };
      } catch (thrown) {
        turn.signal.throwIfAborted();
        if (isEmbedded) throw thrown;
        report(thrown, { context, breaker, turn });
        const next = isProviderFailure(thrown) ? links[index + 1] : undefined;
        if (mustTell(thrown, { calls, turn, next })) return await unfinished(desk, calls);
        if (next === undefined) throw thrown;
        turn.emit({ type: "reset" });
        turn.emit({ type: "status", text: statusOfFallback(input.locale) });
      }
    }
    throw new ParleyError("crew/no-answer", "The crew has no model to ask. That is a bug.");
  };

  return {
    run: async (input, turn) => await runChain(chain, input, turn),
    ...(embedded.length > 0 && {
      runWithoutModel: async (input, turn) => await runChain(embedded, input, turn),
    }),
    ...(asked.length > 0 && { summarize: async (...given) => await summarizeBy(asked, context, given) }),
    check: async () => [...(await checkReached(context)), ...checkSpecialists(specialists, context.tools)],
    close: async () => {
      clearTimeout(warmUp);
    },
  };
}

/** Random for each turn, unless the bot's models may see everything. */
function maskOf({ bot: { showsPersonalData } }: CrewContext): PromptMask {
  return showsPersonalData === true ? NO_MASK : createPromptMask();
}

/** By the first model that can. Throws what the last one threw. */
async function summarizeBy(
  asked: readonly Link[],
  context: CrewContext,
  [older, turn]: Parameters<NonNullable<Crew["summarize"]>>,
): Promise<string> {
  const { environment, telemetry } = context;
  const desk = { turn, telemetry, clock: environment.clock, mask: maskOf(context) };
  let failure: unknown;
  for (const link of asked) {
    try {
      const { summarize } = await link.roles();
      if (summarize !== undefined) return await summarize(older, desk);
    } catch (thrown) {
      turn.signal.throwIfAborted();
      if (!isProviderFailure(thrown)) throw thrown;
      failure = thrown;
    }
  }
  throw toError(failure);
}

/** The roles of each specialist that has a model of its own. */
function ownRolesOf(
  specialists: CrewSettings["specialists"],
  settings: CrewSettings,
  context: CrewContext,
): ReadonlyMap<string, () => Promise<Roles>> {
  return new Map(
    specialists.flatMap(({ name, model }) => {
      const [choice] = model === undefined ? [] : chooseModels({ ...settings, models: [model] }, context);
      return choice === undefined || choice.kind === "offline" ? [] : [[name, linkOf(choice, settings, context).roles]];
    }),
  );
}

function resultOf(state: CrewState, desk: Desk, calls: CallDesk): CrewResult {
  if (state.replies === null)
    throw new ParleyError("crew/no-answer", "The crew ended without an answer. That is a bug.");
  const [reply, ...further] = state.replies;
  const dialogue = dialogueAfter(state);
  return {
    reply,
    ...(further.length > 0 && { further }),
    remember: state.intention?.remember ?? [],
    ...(dialogue && { dialogue }),
    cacheable: isCacheable(state, desk, calls),
  };
}

/** Where the requests stand, with the proposals that they became. */
function dialogueAfter({ draft, intention, made }: CrewState): Dialogue | undefined {
  const dialogue = draft?.dialogue ?? intention?.steps?.at(-1)?.dialogue;
  return dialogue?.map((frame) => {
    const outcome = made.find((call) => call.frame === frame)?.outcome;
    return outcome?.status === "proposed" ? { ...frame, proposal: outcome.proposal.id } : frame;
  });
}

/** One after the other, in their order: a model that stands in for another is ready before it has to. */
async function prepare(loads: readonly (() => Promise<unknown>)[], { bot, telemetry }: CrewContext): Promise<void> {
  for (const load of loads) {
    try {
      await load();
    } catch (thrown) {
      telemetry.log.error({ bot: bot.id, error: describeError(thrown) }, "the crew could not be prepared");
    }
  }
}

interface Unfinished {
  readonly calls: CallDesk;
  readonly turn: CrewTurn;
  readonly next: Link | undefined;
}

/** Whether what was done, or put before the person, is told at once. Another model reads what was done, and goes on. */
function mustTell(thrown: unknown, { calls, turn, next }: Unfinished): boolean {
  if (hasProposal(calls)) return true;
  return isModelFailure(thrown) && hasEffects(calls, turn) && (next?.isEmbedded ?? true);
}

/** Whether anything was done for the person that saying it again might do twice. */
function hasEffects({ made }: CallDesk, { tools }: CrewTurn): boolean {
  const isPublic = new Set(tools.tools.filter(({ depends }) => depends === "public").map(({ name }) => name));
  return made.some(({ tool, outcome }) => outcome.status === "done" && !isPublic.has(tool));
}

/** What was done, and what waits. */
async function unfinished(desk: Desk, { made }: CallDesk): Promise<CrewResult> {
  const { input } = desk;
  const { resultsOf } = await import("./embedded/earlier-results.ts");
  const done = resultsOf(made, desk);
  const text = [
    ...(done === "" ? [] : [brokenOff(input.locale), done]),
    ...(hasProposal({ made }) ? [unfinishedTurn(input.locale)] : []),
  ].join("\n\n");
  const draft = { text, confidence: 0.3 };
  const [reply, ...further] = repliesOf({ made, draft }, { locale: input.locale, model: "none" });
  return { reply, further, remember: [], cacheable: false };
}

function linkOf(choice: ModelChoice, settings: CrewSettings, context: CrewContext): Link {
  const service = serviceOf(choice);
  const breaker = createBreaker({
    service,
    clock: context.environment.clock,
    counts: speaksAgainstProvider,
    onState: (state) => context.telemetry.metrics.breaker({ service, state }),
  });
  if (choice.kind === "offline") {
    return { roles: once(async () => await loadOffline(settings, context)), breaker, isEmbedded: true };
  }
  const roles = once(async () => await loadModel({ choice, settings, context, breaker }));
  return { roles, breaker, isEmbedded: false };
}

function serviceOf(choice: ModelChoice): string {
  return choice.kind === "named" ? `model:${choice.model.provider}` : `model:${choice.kind}`;
}

interface Failure {
  readonly context: CrewContext;
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

async function loadOffline({ currency }: CrewSettings, context: CrewContext): Promise<Roles> {
  const { timeZone, locale } = context.bot;
  const { createEmbeddedRoles } = await import("./embedded/index.ts");
  return await createEmbeddedRoles({ timeZone, locale, defaultCurrency: currency }, context);
}

interface ModelLoading {
  readonly choice: Exclude<ModelChoice, { readonly kind: "offline" }>;
  readonly settings: CrewSettings;
  readonly context: CrewContext;
  readonly breaker: Breaker;
}

async function loadModel({ choice, settings, context, breaker }: ModelLoading): Promise<Roles> {
  const { createModelRoles } = await import("./model-roles/index.ts");
  const models = await chatModels(choice, { context, prices: settings.prices });
  return createModelRoles({ models, breaker, single: settings.roles === "single" });
}

async function chatModels(
  choice: ModelLoading["choice"],
  given: { readonly context: CrewContext; readonly prices: CrewSettings["prices"] },
): Promise<ChatModels> {
  if (choice.kind === "claude") return (await import("./model-roles/claude-models.ts")).claudeModels(choice, given);
  const { oneModel } = await import("./model-roles/index.ts");
  if (choice.kind === "custom") return oneModel(choice.model, { ...given, tellsStop: false });
  const { loadNamedModel } = await import("./models/providers.ts");
  return oneModel(await loadNamedModel(choice.model), { ...given, tellsStop: true });
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
