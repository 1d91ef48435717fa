/** Accounts: made, imported, given roles, locked out and removed. Who may do it is asked before (`../access`). */
import type { Environment } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import { checkedLogin } from "./login-name.ts";
import { hashNewPassword } from "./new-password.ts";
import type { IsLeaked } from "./password-policy.ts";
import { checkImportedHash } from "./passwords.ts";
import type { RoleGrant } from "../access/roles.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { User } from "./store/users.ts";

const HOUR_MS = 60 * 60_000;
const FIRST_OWNER_MS = HOUR_MS;
const PASSWORD_LINK_MS = 24 * HOUR_MS;
/** How often a password may be refused before a link is void. */
const TRIES = 20;

/** What others may see of a user. */
export type Account = Pick<User, "id" | "login" | "name" | "createdAt" | "disabledAt">;

/** Works once. Whoever has it is believed, so hand it to one person, past every log. */
export interface OneUseLink {
  readonly secret: string;
  readonly expiresAt: number;
}

export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly grants: readonly RoleGrant[];
  /** Who does it, as it is kept with the roles. */
  readonly by: string;
}

export interface Accounts {
  /** Without a password yet: the link sets one. Throws `identity/login` and `identity/login-taken`. */
  readonly create: (account: NewAccount) => Promise<{ readonly account: Account; readonly link: OneUseLink }>;
  /** With the hash that another system made of the password. Throws `identity/hash` too. */
  readonly importUser: (account: NewAccount & { readonly passwordHash: string }) => Promise<Account>;
  /** A link that sets another password; earlier ones are void. */
  readonly passwordLink: (userId: string) => Promise<OneUseLink>;
  /** Ends all sessions and keys. Throws `identity/link` and `identity/weak-password`. */
  readonly setPasswordByLink: (secret: string, password: string) => Promise<Account>;
  /** A link for who becomes the first owner; undefined where there is one. Earlier ones are void. */
  readonly firstOwnerLink: () => Promise<OneUseLink | undefined>;
  /** Whether the secret of a link opens something still. */
  readonly isOpenLink: (secret: string) => Promise<boolean>;
  /** Throws `identity/link` where the link is none any more or there is an owner. */
  readonly claimFirstOwner: (
    secret: string,
    owner: { readonly login: string; readonly name: string; readonly password: string },
  ) => Promise<Account>;
  /** Throws `identity/unknown-user`. */
  readonly get: (userId: string) => Promise<Account>;
  /** By login. Throws `identity/unknown-user`. */
  readonly byLogin: (login: string) => Promise<Account>;
  readonly list: (options: { readonly limit: number; readonly after?: string }) => Promise<readonly Account[]>;
  readonly grants: IdentityStore["users"]["grants"];
  readonly grant: (userId: string, grant: RoleGrant, by: string) => Promise<void>;
  /** Throws `identity/last-owner`, as `disable` and `remove` do. */
  readonly ungrant: IdentityStore["users"]["ungrant"];
  readonly disable: (userId: string) => Promise<void>;
  readonly enable: IdentityStore["users"]["enable"];
  readonly remove: IdentityStore["users"]["remove"];
  readonly rename: IdentityStore["users"]["rename"];
  /** Removes authenticator, passkeys and contact of whoever lost all of it; sessions and keys end, since somebody else may have it. */
  readonly resetSecondFactor: (userId: string) => Promise<void>;
}

export interface AccountOptions {
  readonly store: Pick<IdentityStore, "users" | "oneUse" | "factors" | "sessions" | "apiKeys">;
  readonly hasher: Hasher;
  readonly environment: Pick<Environment, "clock" | "newId">;
  readonly isLeaked?: IsLeaked | undefined;
}

/** The accounts of an installation. */
export function createAccounts(options: AccountOptions): Accounts {
  const { store, environment } = options;
  const { users } = store;
  const links = linksOf(options);

  function newUser({ login, name }: Pick<NewAccount, "login" | "name">): User {
    return { id: environment.newId(), login: checkedLogin(login), name: name.trim(), createdAt: environment.clock() };
  }

  async function found(user: User | undefined): Promise<User> {
    if (user !== undefined) return user;
    throw new ParleyError("identity/unknown-user", "There is no such user. List them with: parley users list", {
      status: 404,
    });
  }

  return {
    create: async ({ grants, by, ...account }) => {
      const user = newUser(account);
      await users.create(user, grants, { by, at: environment.clock() });
      return { account: accountOf(user), link: await links.password(user.id) };
    },
    importUser: async ({ grants, by, passwordHash, ...account }) => {
      checkImportedHash(passwordHash);
      const user = { ...newUser(account), password: passwordHash, passwordAt: environment.clock() };
      await users.create(user, grants, { by, at: environment.clock() });
      return accountOf(user);
    },
    passwordLink: links.password,
    ...passwordsOf(options, newUser),
    firstOwnerLink: async () => ((await users.hasOwner()) ? undefined : await links.firstOwner()),
    get: async (userId) => accountOf(await found(await users.find(userId))),
    byLogin: async (login) => accountOf(await found(await users.byLogin(checkedLogin(login)))),
    list: async (page) => (await users.list(page)).map(accountOf),
    grants: users.grants,
    grant: async (userId, grant, by) => await users.grant(userId, grant, { by, at: environment.clock() }),
    ungrant: users.ungrant,
    disable: async (userId) => await users.disable(userId, environment.clock()),
    enable: users.enable,
    remove: users.remove,
    rename: users.rename,
    resetSecondFactor: async (userId) => {
      const { factors, sessions, apiKeys } = store;
      const now = environment.clock();
      await factors.removeTotp(userId);
      for (const { id } of await factors.passkeys(userId)) await factors.removePasskey(userId, id);
      await users.setContact(userId, undefined);
      await sessions.revokeAll(userId, { now, reason: "revoked" });
      await apiKeys.revokeAll(userId, now);
    },
  };
}

function linksOf({ store, hasher, environment }: AccountOptions) {
  const create = async (purpose: "first-owner" | "password-link", validMs: number, userId?: string) => {
    const now = environment.clock();
    const secret = newSecret();
    const expiresAt = now + validMs;
    await store.oneUse.replace({
      hash: hasher("one-use", secret),
      purpose,
      ...(userId !== undefined && { userId }),
      attempts: TRIES,
      now,
      expiresAt,
    });
    return { secret, expiresAt };
  };
  return {
    password: async (userId: string) => await create("password-link", PASSWORD_LINK_MS, userId),
    firstOwner: async () => await create("first-owner", FIRST_OWNER_MS),
  };
}

function passwordsOf(
  { store, hasher, environment, isLeaked }: AccountOptions,
  newUser: (account: Pick<NewAccount, "login" | "name">) => User,
): Pick<Accounts, "setPasswordByLink" | "claimFirstOwner" | "isOpenLink"> {
  const { users, oneUse } = store;
  const keyOf = (secret: string, purpose: "first-owner" | "password-link") => ({
    hash: hasher("one-use", secret),
    purpose,
    now: environment.clock(),
  });
  return {
    isOpenLink: async (secret) =>
      (await oneUse.stands(keyOf(secret, "password-link"))) || (await oneUse.stands(keyOf(secret, "first-owner"))),
    setPasswordByLink: async (secret, password) => {
      const key = keyOf(secret, "password-link");
      const { userId } = (await oneUse.attempt(key)) ?? {};
      const user = userId === undefined ? undefined : await users.find(userId);
      if (user === undefined) throw voidLink();
      const hash = await hashNewPassword(password, user, isLeaked);
      // Used up only now: a password that is not taken leaves the link as it is.
      if ((await oneUse.take(key)) === undefined) throw voidLink();
      // Whoever needs a link may have lost more than the password.
      await users.setPassword(user.id, hash, { now: environment.clock(), endsKeys: true });
      return accountOf(user);
    },
    claimFirstOwner: async (secret, { password, ...account }) => {
      const key = keyOf(secret, "first-owner");
      const user = newUser(account);
      if ((await oneUse.attempt(key)) === undefined) throw voidLink();
      const owner = {
        ...user,
        password: await hashNewPassword(password, user, isLeaked),
        passwordAt: environment.clock(),
      };
      if (!(await users.createFirstOwner(owner, key))) throw voidLink();
      return accountOf(owner);
    },
  };
}

function accountOf({ id, login, name, createdAt, disabledAt }: User): Account {
  return { id, login, name, createdAt, ...(disabledAt !== undefined && { disabledAt }) };
}

function voidLink(): ParleyError {
  return new ParleyError("identity/link", "This link was used, has expired, or is not whole. Ask for another one.", {
    status: 410,
  });
}
