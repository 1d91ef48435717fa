/** Logging in: a password and, where the user has one, a second factor; or a passkey alone. */
import type { Client } from "./client.ts";
import { type LoginGuard, loginRefused } from "./login-guard.ts";
import { readLogin } from "./login-name.ts";
import { hashNewPassword } from "./new-password.ts";
import type { LoginAnswer, Passkeys } from "./passkeys.ts";
import type { IsLeaked } from "./password-policy.ts";
import { hashPassword, isOutdated, matchesPassword, matchNobody } from "./passwords.ts";
import type { SecondFactorAnswer, SecondFactorChallenge, SecondFactors } from "./second-factors.ts";
import type { IssuedSession, SessionService } from "./sessions.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { User } from "./store/users.ts";

export type LoginOutcome =
  | { readonly kind: "session"; readonly session: IssuedSession }
  | ({ readonly kind: "second-factor" } & SecondFactorChallenge);

export interface Logins {
  /** Throws `identity/login-refused` and `identity/locked`, alike for logins that nobody has. */
  readonly password: (given: {
    readonly login: string;
    readonly password: string;
    readonly client: Client;
  }) => Promise<LoginOutcome>;
  /** Throws the same; a challenge is good for one right answer. */
  readonly second: (answer: SecondFactorAnswer, client: Client) => Promise<IssuedSession>;
  readonly withPasskey: (answer: LoginAnswer, client: Client) => Promise<IssuedSession>;
  /** For a user whom a provider knows (`open-id.ts`). Throws `identity/login-refused` where the user is locked out. */
  readonly proved: (user: User, client: Client) => Promise<IssuedSession>;
  /** Asks once more who it is, before a factor is changed or a key made. Throws the same; nothing where the user has no password. */
  readonly askAgain: (userId: string, password: string | undefined) => Promise<void>;
  /** Ends all sessions, this one too, and links; keys go on. Throws the same, and `identity/weak-password`. */
  readonly changePassword: (
    userId: string,
    passwords: { readonly current: string; readonly next: string },
  ) => Promise<void>;
}

export interface LoginOptions {
  readonly store: IdentityStore;
  readonly guard: LoginGuard;
  readonly sessions: SessionService;
  readonly secondFactors: SecondFactors;
  readonly clock: () => number;
  readonly isLeaked?: IsLeaked | undefined;
  /** Left out where the installation has no domain. */
  readonly passkeys?: Passkeys | undefined;
}

/** The ways to log in. */
export function createLogins(options: LoginOptions): Logins {
  const { guard, sessions, secondFactors, passkeys, clock, isLeaked } = options;
  const { users } = options.store;

  async function withPassword(user: User | undefined, password: string): Promise<User | undefined> {
    if (user?.password === undefined) {
      await matchNobody(password);
      return undefined;
    }
    if (!(await matchesPassword(password, user.password))) return undefined;
    if (isOutdated(user.password))
      await users.renewPassword(user.id, { old: user.password, renewed: await hashPassword(password) });
    return user;
  }

  /** Opens a session for what was proved about the user as it was read then. */
  async function open(user: User, client: Client): Promise<IssuedSession> {
    if (user.disabledAt !== undefined) throw loginRefused();
    const session = await sessions.issue(user.id, client);
    const current = await users.find(user.id);
    if (current !== undefined && current.passwordAt === user.passwordAt && current.disabledAt === undefined)
      return session;
    // Another password since, or disabled: what ended all sessions then did not know of this one.
    await sessions.end(session.sessionId, "revoked");
    throw loginRefused();
  }

  return {
    password: async ({ login: given, password, client }) => {
      const login = readLogin(given) ?? "";
      const found = await users.byLogin(login);
      const attempt = { login, user: found, client };
      const user = await guard.password(attempt, async () => await withPassword(found, password));
      if (user.disabledAt !== undefined) throw loginRefused();
      const challenge = await secondFactors.ask(user);
      return challenge === undefined
        ? { kind: "session", session: await open(user, client) }
        : { kind: "second-factor", ...challenge };
    },
    second: async (answer, client) => await open(await secondFactors.check(answer), client),
    withPasskey: async (answer, client) => {
      const user = passkeys === undefined ? undefined : await users.find(await passkeys.login(answer));
      if (user === undefined) throw loginRefused();
      return await open(user, client);
    },
    proved: open,
    askAgain: async (userId, password) => {
      const found = await users.find(userId);
      if (found === undefined) throw loginRefused();
      if (found.password === undefined) return;
      await guard.proof("current", found, async () => await withPassword(found, password ?? ""));
    },
    changePassword: async (userId, { current, next }) => {
      const found = await users.find(userId);
      if (found === undefined) throw loginRefused();
      const user = await guard.proof("current", found, async () => await withPassword(found, current));
      const hash = await hashNewPassword(next, user, isLeaked);
      await users.setPassword(userId, hash, { now: clock(), endsKeys: false });
    },
  };
}
