/** What a user proves besides the password: an authenticator app, a passkey, or else a code that is sent. */
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { Codes } from "./codes.ts";
import { type LoginGuard, loginRefused } from "./login-guard.ts";
import type { Passkeys } from "./passkeys.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { User } from "./store/users.ts";
import type { Totps } from "./totp.ts";

const VALID_MS = 5 * 60_000;
const GUESSES = 5;

/** What is answered with a text; a passkey logs in by itself. */
export const SecondFactor = z.enum(["totp", "recovery-code", "code"]);
export type SecondFactor = z.infer<typeof SecondFactor>;

/** What is asked for after the password. */
export interface SecondFactorChallenge {
  readonly challenge: string;
  readonly methods: readonly (SecondFactor | "passkey")[];
  /** Of the code that was sent. */
  readonly handle?: string;
}

export interface SecondFactorAnswer {
  readonly challenge: string;
  readonly method: SecondFactor;
  readonly code: string;
  readonly handle?: string | undefined;
}

export interface SecondFactors {
  /** Undefined where the user has none. Throws `identity/no-sender` where the user's codes cannot be sent. */
  readonly ask: (user: User) => Promise<SecondFactorChallenge | undefined>;
  /** The user of a right answer, which the challenge is used up by. Throws `identity/login-refused`, `identity/locked`. */
  readonly check: (answer: SecondFactorAnswer) => Promise<User>;
}

export interface SecondFactorOptions {
  readonly store: IdentityStore;
  readonly hasher: Hasher;
  readonly clock: () => number;
  readonly guard: LoginGuard;
  readonly totps: Totps;
  /** Left out where the installation has no domain. */
  readonly passkeys?: Passkeys | undefined;
  /** Left out where nothing sends codes. */
  readonly codes?: Codes | undefined;
}

export function createSecondFactors(options: SecondFactorOptions): SecondFactors {
  const { store, hasher, clock, guard, totps, passkeys, codes } = options;
  const { oneUse, users, factors } = store;

  async function methodsOf(user: User): Promise<SecondFactorChallenge["methods"]> {
    const strong = [
      ...((await totps.isConfirmed(user.id)) ? (["totp", "recovery-code"] as const) : []),
      // Also where the domain is gone: a factor that cannot be asked for does not open the account.
      ...((await factors.passkeys(user.id)).length > 0 ? (["passkey"] as const) : []),
    ];
    return strong.length === 0 && user.contact !== undefined ? ["code"] : strong;
  }

  async function keepChallenge(userId: string): Promise<string> {
    const now = clock();
    const challenge = newSecret();
    const hash = hasher("one-use", challenge);
    const expiresAt = now + VALID_MS;
    await oneUse.create({ hash, purpose: "second-factor", userId, attempts: GUESSES, now, expiresAt });
    return challenge;
  }

  async function isRight(user: User, { method, code, handle = "" }: SecondFactorAnswer): Promise<boolean> {
    if (!(await methodsOf(user)).includes(method)) return false;
    if (method === "totp") return await totps.use(user.id, code, clock());
    if (method === "recovery-code") return await totps.useRecoveryCode(user.id, code);
    return (await codes?.use(handle, code)) === user.id;
  }

  return {
    ask: async (user) => {
      const methods = await methodsOf(user);
      if (methods.length === 0) return undefined;
      if (methods.includes("passkey") && methods.length === 1 && passkeys === undefined) throw notAskable();
      if (!methods.includes("code")) return { challenge: await keepChallenge(user.id), methods };
      const handle = await codes?.send(user.id);
      if (handle === undefined) throw notAskable();
      return { challenge: await keepChallenge(user.id), methods, handle };
    },
    check: async (answer) => {
      const challenge = { hash: hasher("one-use", answer.challenge), purpose: "second-factor", now: clock() } as const;
      const { userId } = (await oneUse.attempt(challenge)) ?? {};
      const user = userId === undefined ? undefined : await users.find(userId);
      if (user === undefined) throw loginRefused();
      return await guard.proof("second", user, async () => {
        const isDone = (await isRight(user, answer)) && (await oneUse.take(challenge)) !== undefined;
        return isDone ? user : undefined;
      });
    },
  };
}

function notAskable(): ParleyError {
  return new ParleyError(
    "identity/second-factor-unavailable",
    "This account has a second factor that this server is not set up for: passkeys need its domain, codes need a way to send them. Tell its operator.",
    { status: 503 },
  );
}
