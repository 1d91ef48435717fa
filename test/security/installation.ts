/** A whole installation, started as `parley start` does it, with a person of every role who logged in over HTTP. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { startRuntime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import type { Permission } from "../../core/permission.ts";
import { Role, type RoleGrant } from "../../gateway/access/roles.ts";
import { bank, crew, web } from "../../index.ts";
import { documents } from "../../tools/rag/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { type Answered, send, type Sent, Tokens } from "../support/identity-server.ts";
import { PASSWORD } from "../support/test-identity.ts";

/** What a browser calls it; the tests come through a proxy that is believed. */
export const NAME = "bot.example.com";

/** Somebody who calls. */
export interface Person {
  readonly name: string;
  readonly userId: string;
  readonly bearer: string;
  /** The refresh token of the same session. */
  readonly refresh: string;
  readonly sessionId: string;
}

export type Call = (path: string, sent?: Sent) => Promise<Answered>;

export interface Installation {
  readonly url: string;
  readonly call: Call;
  /** A new user who logged in. */
  readonly person: (name: string, grants: readonly RoleGrant[]) => Promise<Person>;
  /** A new user who never logs in: what is done to it harms nobody. */
  readonly bystander: (grants?: readonly RoleGrant[]) => Promise<string>;
  /** A key of a user's own; undefined where they may not make it. */
  readonly keyOf: (
    of: Person,
    bot: string,
    scopes: readonly Permission[],
    name?: string,
  ) => Promise<NewKey | undefined>;
  /** A chat of somebody, in which something was said; undefined where they may not chat. */
  readonly chatOf: (bearer: string | undefined, text: string) => Promise<Chat | undefined>;
  readonly owner: Person;
  readonly close: () => Promise<void>;
}

const Made = z.object({ user: z.object({ id: z.string() }), link: z.object({ secret: z.string() }) });
const NewKey = z.object({ id: z.string(), secret: z.string() });
type NewKey = z.infer<typeof NewKey>;
const Chat = z.object({ sessionId: z.string(), messageId: z.string() });
export type Chat = z.infer<typeof Chat>;

/** What a test puts in the place of the sample's. */
export interface Given {
  readonly botName?: string;
  /** The folder of the documents. */
  readonly documents?: string;
  /** Left out, the tests are the proxy in front. */
  readonly isDirect?: boolean;
}

/** Starts it. Close it in the end. */
export async function startInstallation(given: Given = {}): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "parley-security-"));
  const runtime = await startRuntime(
    { config: configured(folder, given), file: "bots.config.ts", directory: packageDirectory() },
    { roles: new Set(["adapters", "workers", "gateway"]) },
  );
  const url = runtime.url ?? expect.fail("no gateway");
  let callers = 0;
  // As its proxy hands calls on: by TLS, and each from another address, so that no limit of addresses is reached.
  const call: Call = async (path, sent = {}) => {
    callers += 1;
    const address = `2001:db8:${(callers >> 16).toString(16)}:${(callers & 0xffff).toString(16)}::1`;
    const behind =
      given.isDirect === true ? {} : { host: NAME, "x-forwarded-for": address, "x-forwarded-proto": "https" };
    return await send(url, path, { ...sent, headers: { ...behind, ...sent.headers } });
  };
  const owner = await firstOwner(call, await runtime.firstOwnerLink());
  const people = peopleOf(call, owner);
  return {
    url,
    call,
    owner,
    ...people,
    chatOf: async (bearer, text) => {
      const said = await call("/api/v1/chat?wait=0", { bearer, body: { text } });
      return Chat.safeParse(said.body).data;
    },
    close: async () => {
      await runtime.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configured(folder: string, { botName = "Harbour", documents: of, isDirect = false }: Given) {
  const accounts = bank();
  const tools = [
    documents({ directory: of ?? join(packageDirectory(), "samples/bank/documents") }),
    accounts,
    recommend({ profileOf: accounts.profileOf, capture: "on" }),
  ];
  const exported = {
    bots: {
      harbour: { name: botName, accounts: [web()], crew: crew({ model: "offline" }), tools },
      other: { name: "Other", accounts: [web({ name: "other" })], crew: crew({ model: "offline" }) },
    },
    gateway: {
      port: 0,
      hosts: [NAME],
      trustedProxies: isDirect ? 0 : 1,
      limits: { perAddress: 100_000, perPerson: 100_000, perKey: 100_000 },
    },
    log: { level: "silent" },
  };
  return validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder },
    readFile: () => expect.fail("no file is read"),
  });
}

async function firstOwner(call: Call, link: { readonly secret: string } | undefined): Promise<Person> {
  const claim = { secret: link?.secret, login: "owner-0", name: "owner", password: PASSWORD };
  expect(await call("/api/v1/auth/first-owner", { body: claim })).toMatchObject({ status: 201 });
  return await loggedIn(call, "owner", "owner-0");
}

/** Logs in with `PASSWORD`. */
async function loggedIn(call: Call, name: string, login: string): Promise<Person> {
  const { body } = await call("/api/v1/auth/login", { body: { login, password: PASSWORD } });
  const { userId, accessToken: bearer, refreshToken: refresh, sessionId } = Tokens.parse(body);
  return { name, userId, bearer, refresh, sessionId };
}

function peopleOf(call: Call, owner: Person): Pick<Installation, "person" | "bystander" | "keyOf"> {
  let made = 0;
  const add = async (name: string, roles: readonly RoleGrant[]) => {
    made += 1;
    const login = `${name.replaceAll(/\W+/gu, "-")}-${made}`;
    const answer = await call("/api/v1/users", { bearer: owner.bearer, body: { login, name, roles } });
    return { login, ...Made.parse(answer.body) };
  };
  return {
    person: async (name, grants) => {
      const { login, link } = await add(name, grants);
      await call("/api/v1/auth/password", { body: { secret: link.secret, password: PASSWORD } });
      return await loggedIn(call, name, login);
    },
    bystander: async (grants = []) => (await add("bystander", grants)).user.id,
    keyOf: async ({ bearer, userId }, bot, scopes, name = "key") => {
      const body = { userId, name, bot, scopes, password: PASSWORD };
      return NewKey.safeParse((await call("/api/v1/keys", { bearer, body })).body).data;
    },
  };
}

/** A role with every bot. */
export const everywhere = (role: Role): readonly RoleGrant[] => [{ bot: "*", role }];

/** A person of each role, by its name. */
export async function onePerRole({ person, owner }: Installation): Promise<ReadonlyMap<Role, Person>> {
  const others = Role.options.filter((role) => role !== "owner");
  const made = await Promise.all(others.map(async (role) => [role, await person(role, everywhere(role))] as const));
  return new Map([["owner", owner] as const, ...made]);
}
