import type { ModelUsage } from "../crew.ts";
import type { Claim } from "../broker/broker.ts";
import { spendingKey, dayOf, SCOPES } from "../budget/standing.ts";
import { warnAdmins, warnOfUnpriced } from "../budget/warnings.ts";
import { describeError } from "../errors.ts";
import type { Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { Store } from "../store/store.ts";
import type { Telemetry } from "../telemetry.ts";
import type { RunningBot } from "./running-bot.ts";

/** Counts what a turn spends on models. */
export interface Meter {
  /** Counts one call at once, whatever becomes of the turn, also when the turn is over. */
  readonly add: (usage: ModelUsage) => void;
  /** Whether anything was counted. */
  readonly hasSpent: () => boolean;
  /** Resolves when everything so far is written. Throws what kept it from being written. */
  readonly settle: () => Promise<void>;
}

interface Metered {
  readonly claim: Pick<Claim, "epoch">;
  readonly bot: Pick<RunningBot, "config">;
  /** The head of the claim. */
  readonly event: InboundEvent;
  readonly dependencies: {
    readonly store: Pick<Store, "usage" | "people">;
    readonly environment: Environment;
    readonly telemetry: Telemetry;
  };
}

/**
 * Makes the meter of one attempt. Attempts of one turn each have an epoch: a call that is made again is paid again, and
 * a write that is repeated counts once.
 */
export function createMeter({ claim, bot, event, dependencies }: Metered): Meter {
  const { store, environment, telemetry } = dependencies;
  const { log, metrics } = telemetry;
  let known: Promise<string> | undefined;
  const person = async (): Promise<string> => await (known ??= store.people.personOf(event.account, event.user.id));
  const spender = { bot: bot.config, event, person, store, environment };
  const writes: Promise<void>[] = [];
  const write = async (usage: ModelUsage, id: string): Promise<void> => {
    const keys = await Promise.all(SCOPES.map(async (scope) => await spendingKey(scope, spender)));
    await store.usage.spend(keys, usage, { id, day: dayOf(spender) });
    try {
      await warnAdmins(spender, telemetry, { id, correlationId: event.id });
      if (usage.isUnpriced === true) await warnOfUnpriced(spender, telemetry, { id, model: usage.model });
    } catch (thrown) {
      log.warn({ correlationId: event.id, error: describeError(thrown) }, "it is not known how far a budget is spent");
    }
  };
  return {
    add: (usage) => {
      const { model } = usage;
      metrics.tokens({ model, direction: "input" }, usage.inputTokens);
      metrics.tokens({ model, direction: "output" }, usage.outputTokens);
      metrics.tokens({ model, direction: "cache-read" }, usage.cacheReadTokens);
      metrics.tokens({ model, direction: "cache-write" }, usage.cacheWriteTokens);
      metrics.cost({ model, bot: bot.config.id }, usage.costMicroDollars);
      const written = write(usage, `${event.id}.${claim.epoch}.${writes.length}`);
      // A turn that was stopped may not wait for it.
      written.catch((thrown: unknown) => {
        log.error({ correlationId: event.id, error: describeError(thrown) }, "what a model cost could not be counted");
      });
      writes.push(written);
    },
    hasSpent: () => writes.length > 0,
    settle: async () => {
      await Promise.all(writes);
    },
  };
}
