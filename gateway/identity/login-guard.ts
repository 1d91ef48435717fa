/** Slows down whoever guesses: attempts are counted before they are checked, by login and by network. */
import { ParleyError } from "../../core/errors.ts";
import type { RaiseAlert } from "./alerts.ts";
import type { AttemptRule } from "./attempt-rule.ts";
import { type Client, networkOf } from "./client.ts";
import type { Hasher } from "./secrets.ts";
import { placeOf } from "./sessions.ts";
import type { Counted } from "./store/attempts.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { User } from "./store/users.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Of one login from one network: what locks a thief does not lock the user elsewhere. */
const PAIR: AttemptRule = { limit: 5, windowMs: 15 * MINUTE_MS, lockMs: MINUTE_MS, longestLockMs: HOUR_MS };
/** Of one network, whatever the login. */
const NETWORK: AttemptRule = { limit: 50, windowMs: 15 * MINUTE_MS, lockMs: 5 * MINUTE_MS, longestLockMs: HOUR_MS };
/** Of one login from all networks where its user was never seen. */
const LOGIN: AttemptRule = { limit: 50, windowMs: HOUR_MS, lockMs: 15 * MINUTE_MS, longestLockMs: HOUR_MS };
/** Of a user's second factors, however often the login begins anew: whoever gets here has the password, or a session. */
const PROOF: AttemptRule = { limit: 5, windowMs: 15 * MINUTE_MS, lockMs: 5 * MINUTE_MS, longestLockMs: HOUR_MS };

export interface LoginGuard {
  /** Checks a password. Throws `identity/locked`, and `identity/login-refused` where `check` finds nothing. */
  readonly password: <T>(
    attempt: { readonly login: string; readonly user: User | undefined; readonly client: Client },
    check: () => Promise<T | undefined>,
  ) => Promise<T>;
  /** Checks what else a user proves: a second factor, or the current password within a session. Throws the same. */
  readonly proof: <T>(kind: "second" | "current", user: User, check: () => Promise<T | undefined>) => Promise<T>;
}

export interface LoginGuardOptions {
  readonly store: Pick<IdentityStore, "attempts" | "anomalies">;
  readonly hasher: Hasher;
  readonly clock: () => number;
  readonly raise: RaiseAlert;
}

export function createLoginGuard({ store, hasher, clock, raise }: LoginGuardOptions): LoginGuard {
  const { attempts, anomalies } = store;
  const key = (...parts: readonly string[]): string => hasher("attempts", parts.join("\0"));

  async function guarded<T>(
    counted: readonly Counted[],
    user: User | undefined,
    check: () => Promise<T | undefined>,
  ): Promise<T> {
    const now = clock();
    const taken = await attempts.take(counted, now);
    if (!taken.isAllowed) throw locked(taken.retryAt - now);
    let found: T | undefined;
    try {
      found = await check();
    } catch (thrown) {
      // Nothing was found out: the server was busy, or its database away.
      await attempts.refund(counted, taken.locked);
      throw thrown;
    }
    if (found !== undefined) {
      await attempts.refund(counted, taken.locked);
      return found;
    }
    if (taken.locked.length > 0)
      await raise({
        kind: "failed-logins",
        ...(user !== undefined && { userId: user.id }),
        detail: { locked: taken.locked.length },
      });
    throw loginRefused();
  }

  return {
    password: async ({ login, user, client }, check) => {
      const network = networkOf(client.address);
      const isKnown = user !== undefined && (await anomalies.isKnownPlace(user.id, placeOf(hasher, user.id, client)));
      const counted = [
        { key: key("pair", login, network), rule: PAIR },
        { key: key("network", network), rule: NETWORK },
        ...(isKnown ? [] : [{ key: key("login", login), rule: LOGIN }]),
      ];
      return await guarded(counted, user, check);
    },
    proof: async (kind, user, check) => await guarded([{ key: key(kind, user.id), rule: PROOF }], user, check),
  };
}

/** The same number as in `Retry-After`, in words. */
function locked(retryAfterMs: number): ParleyError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  const [count, unit] = seconds < 120 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  const wait = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return new ParleyError("identity/locked", `There were too many attempts. Wait ${wait}, then try again.`, {
    status: 429,
    retryAfterMs,
  });
}

/** The one answer to every login that is not right: it does not tell what was wrong. */
export function loginRefused(): ParleyError {
  return new ParleyError("identity/login-refused", "The login, the password or the code is not right.", {
    status: 401,
  });
}
