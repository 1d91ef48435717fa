/**
 * Every call of a running installation × every caller × own and another's object. The calls come from its OpenAPI, what must
 * happen from `expected-access.ts`, which is written by hand: a call that nobody wrote down fails.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Permission } from "../../core/permission.ts";
import type { Answered } from "../support/identity-server.ts";
import { openSocket } from "../support/web-socket.ts";
import {
  type DescribedCall,
  describedCalls,
  missingFrom,
  refusalOf,
  requestFor,
  type Target,
  targetOf,
} from "./described-calls.ts";
import { EXPECTED, type ExpectedCall, type Reach } from "./expected-access.ts";
import { everywhere, type Installation, NAME, onePerRole, type Person, startInstallation } from "./installation.ts";

/** What another person said, named and has: nobody else is told it. */
const HIDDEN_WORDS = "zanzibar heliotrope";

/** Who calls, and how far each call must reach for them. */
interface Caller {
  readonly name: string;
  readonly bearer: string | undefined;
  readonly person: Person;
  readonly reach: (call: ExpectedCall) => Reach;
}

/** What a role with another bot, or a key for one, is good for: what belongs to no bot. */
const OF_NO_BOT = new Set<string>(["public", "reference:read", "tickets:create"]);
const KEYS = new Set<string>(["keys:read", "keys:manage"]);
/** What no key is limited to. */
const NO_SCOPES = new Set<string>(["account:manage", "users:act-as"]);
/** These end the session of whoever calls. */
const ENDING = /\/(?:auth\/logout|auth\/logout-everywhere|me\/password)$/u;

let installation: Installation;
let callers: readonly Caller[];
let calls: readonly DescribedCall[];
let victim: Person;

/** `npm test` tries some of the callers, `npm run test:security` all of them. */
const SHORT = new Set(["moderator", "customer", "a key with another scope", "nobody"]);
const isShort = process.env["SECURITY"] !== "full";

beforeAll(async () => {
  installation = await startInstallation();
  calls = await describedCalls(installation);
  victim = await installation.person(`victim ${HIDDEN_WORDS}`, everywhere("customer"));
  const all = await callersOf(installation);
  callers = isShort ? all.filter(({ name }) => SHORT.has(name)) : all;
});
afterAll(async () => await installation.close());

async function callersOf(made: Installation): Promise<readonly Caller[]> {
  const { owner, person, keyOf } = made;
  const people = [...(await onePerRole(made))].map(([role, one]): Caller => ({
    name: role,
    bearer: one.bearer,
    person: one,
    reach: ({ reach }) => reach[role],
  }));
  const stranger = await person("moderator-of-other", [{ bot: "other", role: "moderator" }]);
  const scopes = Permission.options.filter((one) => !NO_SCOPES.has(one));
  const foreign = await keyOf(owner, "*", ["settings:read"]);
  const elsewhere = await keyOf(owner, "other", scopes);
  expect([foreign?.secret, elsewhere?.secret]).toEqual([expect.any(String), expect.any(String)]);
  const ofNoBot = ({ permission }: ExpectedCall): Reach =>
    OF_NO_BOT.has(permission) ? "any" : KEYS.has(permission) ? "own" : "no";
  const open = ({ permission }: ExpectedCall): Reach => (permission === "public" ? "any" : "no");
  // The figures of the installation are for a front end's token, not for guests.
  const ofGuest = ({ client, permission }: ExpectedCall): Reach => (permission === "metrics:read" ? "no" : client);
  return [
    ...people,
    {
      name: "a moderator of another bot",
      bearer: stranger.bearer,
      person: stranger,
      // Guests are let in there, and nobody who logs in may do less.
      reach: (call) => {
        if (call.permission === "account:manage") return "any";
        return ofNoBot(call) === "no" ? ofGuest(call) : ofNoBot(call);
      },
    },
    {
      name: "a key for another bot",
      bearer: elsewhere?.secret,
      person: owner,
      // No key makes another one.
      reach: (call) => (call.method === "POST" && KEYS.has(call.permission) ? "no" : ofNoBot(call)),
    },
    { name: "a key with another scope", bearer: foreign?.secret, person: owner, reach: open },
    { name: "a wrong token", bearer: "parley_wrong_token", person: owner, reach: open },
    { name: "nobody", bearer: undefined, person: owner, reach: ofGuest },
  ];
}

/** What was tried, for the last line. */
const counts = { tries: 0, refused: 0, let: 0, leaks: 0, missing: 0, overdone: 0 };

async function attempt(call: DescribedCall, caller: Caller, target: Target): Promise<Answered> {
  const { path, sent } = requestFor(call, target);
  counts.tries += 1;
  const answer = await installation.call(path, { ...sent, bearer: await bearerFor(call, caller) });
  if (refusalOf(answer) === undefined) counts.let += 1;
  else counts.refused += 1;
  return answer;
}

/** The session that a call ends is one of its own. */
async function bearerFor({ path }: DescribedCall, { bearer, person }: Caller): Promise<string | undefined> {
  if (!ENDING.test(path) || bearer !== person.bearer) return bearer;
  return (await installation.person("leaving", everywhere("customer"))).bearer;
}

const kept = new Map<string, Target>();

/** What belongs to a caller. It is made anew for calls that change or remove it. */
async function targetFor(call: DescribedCall, name: string, of: Pick<Caller, "bearer" | "person">): Promise<Target> {
  const before = kept.get(name) ?? (await targetOf(installation, of, `${name} ${HIDDEN_WORDS}`));
  kept.set(name, before);
  if (call.path.startsWith("/api/v1/users/")) return { ...before, userId: await installation.bystander() };
  if (call.method !== "DELETE") return before;
  return await targetOf(installation, of, `${name} ${HIDDEN_WORDS}`);
}

it("is written down for every call, with the permission that it asks for; nothing is written down that is not there", () => {
  const nameOf = ({ method, path }: DescribedCall): string => `${method} ${path}`;
  const unexpected = calls.filter(({ expected }) => expected === undefined).map(nameOf);
  counts.missing += unexpected.length;
  expect(unexpected).toEqual([]);
  expect(missingFrom(calls)).toEqual([]);
  const asked = calls.map((call) => [
    nameOf(call),
    call.operation["x-parley-permission"],
    call.operation["x-parley-owned"],
  ]);
  expect(asked).toEqual(
    calls.map((call) => [nameOf(call), call.expected?.permission, call.expected?.owner !== "none"]),
  );
});

it("each caller gets what is theirs, and nobody what is another's", { timeout: 600_000 }, async () => {
  const wrong: string[] = [];
  for (const call of calls) {
    const { expected } = call;
    if (expected === undefined) continue;
    for (const caller of callers) wrong.push(...(await judged(call, expected, caller)));
  }
  const { tries, refused, let: passed, leaks, missing, overdone } = counts;
  process.stdout.write(
    `authorisation: ${calls.length} calls x ${callers.length} callers, own and another's object: ${tries} tries, ` +
      `${refused} refused, ${passed} let in; ${leaks} leaks, ${missing} missing checks, ${overdone} wrongly refused\n`,
  );
  expect(wrong).toEqual([]);
});

/** What is wrong with how a caller is answered. */
async function judged(call: DescribedCall, expected: ExpectedCall, caller: Caller): Promise<readonly string[]> {
  const reach = caller.reach(expected);
  const wrong: string[] = [];
  const note = (count: "leaks" | "missing" | "overdone", what: string, answer: Answered): void => {
    counts[count] += 1;
    wrong.push(`${call.method} ${call.path} by ${caller.name}: ${what}: ${answer.status} ${shown(answer)}`);
  };
  const own = await attempt(call, caller, await targetFor(call, caller.name, caller));
  const isLetIn = refusalOf(own) === undefined;
  if (reach === "no" && isLetIn) note("missing", "let in", own);
  if (reach !== "no" && !isTheirs(call, own)) note("overdone", "refused what is its own", own);
  if (expected.owner === "none") return wrong;
  const foreign = await attempt(
    call,
    caller,
    await targetFor(call, "victim", { bearer: victim.bearer, person: victim }),
  );
  if (reach === "any") {
    if (refusalOf(foreign) !== undefined) note("overdone", "refused what is another's", foreign);
    return wrong;
  }
  if (refusalOf(foreign) === undefined) note("leaks", "let at another's object", foreign);
  else if (shown(foreign).includes(`victim ${HIDDEN_WORDS}`)) note("leaks", "told what is another's", foreign);
  return wrong;
}

/** Readiness is told by its status: a part that is slow under this load is an answer too. */
function isTheirs({ path }: DescribedCall, answer: Answered): boolean {
  if (path === "/health/ready") return answer.status === 200 || answer.status === 503;
  return refusalOf(answer) === undefined && answer.status < 500;
}

const shown = ({ body }: Answered): string => JSON.stringify(body ?? "").slice(0, 2_000);

it("an admin can do to an owner nothing at all", async () => {
  const person = await installation.person("adam", everywhere("admin"));
  const admin: Caller = { name: "adam", bearer: person.bearer, person, reach: ({ reach }) => reach.admin };
  const target = await targetOf(installation, admin, "none");
  const ofUsers = calls.filter(({ path, method }) => path.startsWith("/api/v1/users/{id}") && method !== "GET");
  expect(ofUsers.length).toBeGreaterThan(7);
  for (const call of ofUsers) {
    const userId = await installation.bystander(everywhere("owner"));
    const answer = await attempt(call, admin, { ...target, userId });
    expect({ call: `${call.method} ${call.path}`, refusal: refusalOf(answer) }).toMatchObject({
      refusal: "gateway/forbidden",
    });
  }
});

it("a socket opens for its own session alone", async () => {
  for (const caller of callers) {
    const expected = EXPECTED.find(({ method }) => method === "WS") ?? expect.fail("no socket");
    const reach = caller.reach(expected);
    const opened = async (of: string): Promise<boolean> =>
      await opens(caller.bearer, (kept.get(of) ?? expect.fail(of)).sessionId);
    expect([caller.name, await opened(caller.name)]).toEqual([caller.name, reach !== "no"]);
    expect([caller.name, await opened("victim")]).toEqual([caller.name, reach === "any"]);
  }
});

async function opens(bearer: string | undefined, sessionId: string): Promise<boolean> {
  const headers = { host: NAME, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) };
  try {
    const socket = await openSocket(installation.url, { sessionId }, headers);
    const isOpen = await Promise.race([
      socket.until(({ type }) => type === "session").then(() => true),
      socket.closed.then(() => false),
    ]);
    socket.close();
    return isOpen;
  } catch {
    return false;
  }
}
