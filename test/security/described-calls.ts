/** The calls of a running installation, as its OpenAPI describes them, and requests that fit what they take. */
import { z } from "zod";
import type { Answered, Sent } from "../support/identity-server.ts";
import { EXPECTED, type ExpectedCall, HIDDEN } from "./expected-access.ts";
import type { Installation, Person } from "./installation.ts";

const Schema = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });
const Content = z.looseObject({
  schema: Schema,
  examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
});
const Operation = z.looseObject({
  "x-parley-permission": z.string(),
  "x-parley-owned": z.boolean(),
  parameters: z.array(
    z.looseObject({ name: z.string(), in: z.string(), required: z.boolean(), example: z.unknown().optional() }),
  ),
  requestBody: z.looseObject({ content: z.record(z.string(), Content) }).optional(),
});
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

/** A call, with what is expected of it; that is left out where nobody wrote it down. */
export interface DescribedCall {
  readonly method: string;
  /** With its parameters as `{name}`. */
  readonly path: string;
  readonly expected: ExpectedCall | undefined;
  readonly operation: z.infer<typeof Operation>;
}

/** What a request is about. */
export interface Target {
  readonly userId: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly keyId: string;
}

/** All calls of one bot's installation that OpenAPI lists; those of the second bot are the same under another address. */
export async function describedCalls({ call, owner }: Installation): Promise<readonly DescribedCall[]> {
  const { paths } = Document.parse((await call("/openapi.json", { bearer: owner.bearer })).body);
  return Object.entries(paths)
    .filter(([path]) => !path.startsWith("/api/v1/web/other/") && !path.startsWith("/api/v1/bots/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([name, operation]): DescribedCall => {
        const [method, plain] = [name.toUpperCase(), path.replaceAll(/\{(\w+)\}/gu, ":$1")];
        const expected = EXPECTED.find((one) => one.method === method && one.path === plain);
        return { method, path, expected, operation };
      }),
    );
}

/** Calls that are expected and are not there: they were taken away, or hide from OpenAPI. */
export function missingFrom(calls: readonly DescribedCall[]): readonly string[] {
  const found = new Set(calls.map(({ expected }) => expected));
  return EXPECTED.filter((one) => one.method !== "WS" && !HIDDEN.test(one.path) && !found.has(one)).map(
    ({ method, path }) => `${method} ${path}`,
  );
}

/** A request that fits what the call takes, about this target. */
export function requestFor(call: DescribedCall, target: Target): { readonly path: string; readonly sent: Sent } {
  const values = valuesOf(call, target);
  const path = call.path.replaceAll(/\{(\w+)\}/gu, (_match, name: string) => encodeURIComponent(values(name)));
  const asked = call.operation.parameters
    .filter((one) => one.in === "query" && (one.required || NAMES_OBJECTS.has(one.name) || one.example !== undefined))
    .filter(({ name }) => !(name === "userId" && isAboutSession(call)))
    .map(({ name, example }) => [name, NAMES_OBJECTS.has(name) ? values(name) : textOf(example, "1")] as const);
  const query = new URLSearchParams(
    Object.fromEntries([...asked, ...(isWaiting(call) ? [["wait", "0"] as const] : [])]),
  ).toString();
  const body = bodyFor(call, values);
  return {
    path: query === "" ? path : `${path}?${query}`,
    sent: { method: call.method, ...(body === undefined ? {} : { body }) },
  };
}

const NAMES_OBJECTS = new Set(["sessionId", "userId"]);
const isAboutSession = ({ expected }: DescribedCall): boolean => expected?.owner === "session";
const isWaiting = ({ operation }: DescribedCall): boolean => operation.parameters.some(({ name }) => name === "wait");

/** What the names in a call's path, query and body stand for. */
function valuesOf({ path, operation }: DescribedCall, target: Target): (name: string) => string {
  const { userId, sessionId, messageId, keyId } = target;
  return (name) => {
    if (name === "userId") return userId;
    if (name === "sessionId") return sessionId;
    if (name === "messageId") return messageId;
    if (name === "id" && path.startsWith("/api/v1/users/")) return userId;
    if (name === "id" && path.startsWith("/api/v1/keys/")) return keyId;
    if (name === "id" && path.startsWith("/api/v1/sessions/")) return sessionId;
    const found = operation.parameters.find((one) => one.name === name)?.example;
    return textOf(found, "none");
  };
}

/** The call's own example, about the target. */
function bodyFor(call: DescribedCall, values: (name: string) => string): unknown {
  const [type, content] = Object.entries(call.operation.requestBody?.content ?? {})[0] ?? [];
  if (content === undefined) return undefined;
  const example: unknown = Object.values(content.examples)[0]?.value;
  if (type !== "application/json") return textOf(example, "bytes");
  const named = Object.keys(content.schema.properties)
    .filter((name) => name === "sessionId" || (name === "userId" && !isAboutSession(call)))
    .map((name) => [name, values(name)] as const);
  // A login is given once.
  const login = call.path === "/api/v1/users" ? { login: `made-${values("userId")}-${Math.random()}` } : {};
  // Nobody needs the training: a wish that does not fit shows as well who may ask for one.
  const training = call.path.endsWith("/refresh-model") ? { wait: "no" } : {};
  // Cookies are given to pages alone: `pages.test.ts`.
  const { cookies: _cookies, ...given } = z.record(z.string(), z.unknown()).parse(example ?? {});
  return { ...given, ...Object.fromEntries(named), ...login, ...training };
}

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : otherwise;

const REFUSALS = new Set([
  "gateway/cross-site",
  "gateway/forbidden",
  "gateway/foreign-origin",
  "gateway/no-such-object",
  "gateway/unauthorized",
  "gateway/unknown-host",
  "identity/key-makes-key",
  "identity/no-session",
]);
const Refusal = z.looseObject({ code: z.string() });

/** The code by which the gateway kept a caller out; undefined where it did not. */
export function refusalOf({ body }: Answered): string | undefined {
  const code = Refusal.safeParse(body).data?.code;
  return code !== undefined && REFUSALS.has(code) ? code : undefined;
}

const SCOPES = ["catalogue:read"] as const;

/** What belongs to a caller: a chat, where it may have one, and a key. */
export async function targetOf(
  { chatOf, keyOf }: Installation,
  { bearer, person }: { readonly bearer: string | undefined; readonly person: Person },
  words: string,
): Promise<Target> {
  const chat = (await chatOf(bearer, words)) ?? { sessionId: "none", messageId: "none" };
  // Whoever has a role with the other bot alone makes no key for this one.
  const key = (await keyOf(person, "harbour", SCOPES, words)) ?? (await keyOf(person, "other", SCOPES, words));
  return { userId: bearer === undefined ? "nobody" : person.userId, ...chat, keyId: key?.id ?? "none" };
}
