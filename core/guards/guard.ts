import type { BotConfig } from "../bot.ts";
import type { Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { HandOver, Store } from "../store/store.ts";
import type { Phrases } from "../turn/phrases.ts";

/** What a guard may look at. */
export interface GuardContext {
  readonly event: InboundEvent;
  /** All messages that the turn answers together, the event among them. */
  readonly events: readonly InboundEvent[];
  /** The words of the turn (a burst is joined). */
  readonly text: string;
  readonly bot: Pick<BotConfig, "id" | "policies">;
  readonly store: Pick<Store, "controls" | "usage">;
  readonly environment: Pick<Environment, "clock">;
  readonly phrases: Phrases;
}

/** Ends the turn: with `reply` the person is told, without it the bot stays silent. `reason` goes to the trace. */
export interface Stop {
  readonly verdict: "stop";
  readonly reason: string;
  readonly reply?: string;
  readonly retryAfterMs?: number;
  /** People have the conversation: what is said is kept for them, and code alone may answer. */
  readonly handedOver?: HandOver;
}

export type Verdict = { readonly verdict: "pass" } | Stop;

export interface Guard {
  readonly name: string;
  readonly check: (context: GuardContext) => Verdict | Promise<Verdict>;
}

export const pass: Verdict = { verdict: "pass" };

/** Ends the turn without a word; the reason is for `parley why`. */
export function silent(reason: string): Stop {
  return { verdict: "stop", reason };
}

/** Ends the turn without a word, as the limit is known already; `retryAfterMs` tells programs when to come again. */
export function limited(reason: string, retryAfterMs: number): Verdict {
  return { verdict: "stop", reason, retryAfterMs };
}

/** Ends the turn with a word to the person. */
export function refuse(reason: string, reply: string): Verdict {
  return { verdict: "stop", reason, reply };
}
