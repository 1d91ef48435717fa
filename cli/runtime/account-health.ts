/** What an adapter says of its account, made fit to be shown: in its shape, and without the account's secrets. */
import { z } from "zod";
import type { Health } from "../../core/adapter.ts";
import { Secret } from "../../core/config/secret.ts";
import { describeError } from "../../core/errors.ts";

const KnownHealth = z.object({
  state: z.enum(["starting", "stand-by", "login-required", "live", "degraded", "down", "closed"]),
  detail: z.string(),
  remedy: z.string().optional(),
  lastReceivedAt: z.string().optional(),
});

/** Shorter ones occur in any text. */
const SHORTEST_SECRET = 6;

/** Health is asked for by probes and by deliveries: an adapter that fails to tell it is `down`, and costs nobody else. */
export function readHealth(ask: () => unknown, hide: (text: string) => string): Health {
  try {
    const { state, detail, remedy, lastReceivedAt } = KnownHealth.parse(ask());
    return {
      state,
      detail: hide(detail),
      ...(remedy !== undefined && { remedy: hide(remedy) }),
      ...(lastReceivedAt !== undefined && { lastReceivedAt }),
    };
  } catch (thrown) {
    const problem = thrown instanceof z.ZodError ? "gave none of the states of the contract" : describeError(thrown);
    return { state: "down", detail: hide(`the adapter could not tell its health: ${problem}`) };
  }
}

/** Takes the secrets of an account's settings out of a text: libraries put tokens and addresses into their errors. */
export function secretHider(settings: unknown): (text: string) => string {
  const secrets = [...secretsIn(settings)].filter((one) => one.length >= SHORTEST_SECRET);
  return (text) => secrets.reduce((shown, one) => shown.replaceAll(one, "[secret]"), text);
}

function* secretsIn(value: unknown): Generator<string> {
  if (value instanceof Secret) yield value.reveal();
  else if (typeof value === "object" && value !== null) for (const one of Object.values(value)) yield* secretsIn(one);
}
