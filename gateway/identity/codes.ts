/** One-time codes of six figures that reach a user by mail or SMS. */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { type RandomBelow, secureRandomBelow } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { SealContext, Sealer } from "./sealer.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { IdentityStore } from "./store/identity-store.ts";

export const Contact = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("mail"), address: z.email().max(254) }),
  z.strictObject({
    kind: z.literal("sms"),
    address: z.string().regex(/^\+[1-9]\d{6,14}$/u, "is no number such as +41790000000"),
  }),
]);
export type Contact = z.infer<typeof Contact>;

/** Sends a code. Throws where it could not. */
export type SendCode = (message: {
  readonly contact: Contact;
  readonly code: string;
  readonly expiresAt: number;
}) => Promise<void>;

type CodePurpose = "login-code" | "contact-code";

const VALID_MS = 10 * 60_000;
const GUESSES = 5;
const SENDING = { limit: 5, windowMs: 15 * 60_000, lockMs: 15 * 60_000, longestLockMs: 15 * 60_000 };

const Payload = z.strictObject({ code: z.string(), contact: Contact });

export interface Codes {
  /** Sends a code to the kept contact; gives what names it in `use`. Undefined where none is kept. */
  readonly send: (userId: string) => Promise<string | undefined>;
  /** Uses a code up; gives its user. Five wrong guesses use it up too. */
  readonly use: (handle: string, code: string) => Promise<string | undefined>;
  /** Sends one to a new contact; gives what names it in `confirm`. */
  readonly enrol: (userId: string, contact: Contact) => Promise<string>;
  /** Keeps the contact of a right code: from then on codes are a second factor of the user. Throws `identity/wrong-code`. */
  readonly confirm: (userId: string, handle: string, code: string) => Promise<void>;
  readonly contactOf: (userId: string) => Promise<Contact | undefined>;
  readonly removeContact: (userId: string) => Promise<void>;
}

export interface CodeOptions {
  readonly store: IdentityStore;
  readonly sealer: Sealer;
  readonly hasher: Hasher;
  readonly clock: () => number;
  readonly send: SendCode;
  readonly randomBelow?: RandomBelow | undefined;
}

/** The codes of all users. */
export function createCodes(options: CodeOptions): Codes {
  const { store, sealer, hasher, clock, randomBelow = secureRandomBelow } = options;
  const { oneUse, users, attempts } = store;

  async function sendTo(userId: string, contact: Contact, purpose: CodePurpose): Promise<string> {
    const now = clock();
    const taken = await attempts.take([{ key: hasher("attempts", `send-code\0${userId}`), rule: SENDING }], now);
    if (!taken.isAllowed)
      throw new ParleyError("identity/too-many-codes", "Too many codes were asked for. Use the last one, or wait.", {
        status: 429,
        retryAfterMs: taken.retryAt - now,
      });
    const handle = newSecret();
    const hash = hasher("one-use", handle);
    const code = Array.from({ length: 6 }, () => randomBelow(10)).join("");
    const payload = await sealer.seal(payloadOf(hash), Buffer.from(JSON.stringify({ code, contact })));
    const expiresAt = now + VALID_MS;
    await oneUse.replace({ hash, purpose, userId, payload, attempts: GUESSES, now, expiresAt });
    await options.send({ contact, code, expiresAt });
    return handle;
  }

  async function used(purpose: CodePurpose, handle: string, code: string) {
    const key = { hash: hasher("one-use", handle), purpose, now: clock() };
    const { userId, payload } = (await oneUse.attempt(key)) ?? {};
    if (userId === undefined || payload === undefined) return undefined;
    const kept = read(Payload, await sealer.open(payloadOf(key.hash), payload));
    if (!isSame(code.replaceAll(/\s/gu, ""), kept.code) || (await oneUse.take(key)) === undefined) return undefined;
    return { userId, contact: kept.contact };
  }

  const contactOf = async (userId: string): Promise<Contact | undefined> => await readContact(options, userId);

  return {
    send: async (userId) => {
      const contact = await contactOf(userId);
      return contact && (await sendTo(userId, contact, "login-code"));
    },
    contactOf,
    use: async (handle, code) => (await used("login-code", handle, code))?.userId,
    enrol: async (userId, contact) => await sendTo(userId, contact, "contact-code"),
    confirm: async (userId, handle, code) => {
      const found = await used("contact-code", handle, code);
      if (found?.userId !== userId)
        throw new ParleyError("identity/wrong-code", "This is not the code that was sent last.", { status: 401 });
      await users.setContact(
        userId,
        await sealer.seal(contactPlace(userId), Buffer.from(JSON.stringify(found.contact))),
      );
    },
    removeContact: async (userId) => await users.setContact(userId, undefined),
  };
}

const KINDS_LOOKED_AT = 1_000;

/** Where a user's codes go; undefined where nowhere. */
export async function readContact(
  { store, sealer }: Pick<CodeOptions, "store" | "sealer">,
  userId: string,
): Promise<Contact | undefined> {
  const sealed = (await store.users.find(userId))?.contact;
  return sealed && read(Contact, await sealer.open(contactPlace(userId), sealed));
}

/** By what users get their codes, as far as so many of them tell. */
export async function contactKinds({
  store,
  sealer,
}: Pick<CodeOptions, "store" | "sealer">): Promise<ReadonlySet<Contact["kind"]>> {
  const kinds = new Set<Contact["kind"]>();
  for (const { id, contact } of await store.users.contacts(KINDS_LOOKED_AT))
    kinds.add(read(Contact, await sealer.open(contactPlace(id), contact)).kind);
  return kinds;
}

function contactPlace(row: string): SealContext {
  return { table: "identity_users", column: "contact", row };
}

function payloadOf(row: string): SealContext {
  return { table: "identity_one_use", column: "payload", row };
}

function read<Schema extends z.ZodType>(schema: Schema, bytes: Uint8Array): z.output<Schema> {
  return schema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
