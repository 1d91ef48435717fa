/**
 * Session ids: unguessable, bound to their user, verifiable without a table.
 *
 * An id is `nonce (128 bits) + HMAC (128 bits) + user`, in base64url; the HMAC also says whether the user was logged in. Conversations are known by a hash of the nonce,
 * so the id itself, which lets its holder speak, never stands in a log or a trace.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AdapterContext } from "../../adapter.ts";
import { ParleyError } from "../../adapter.ts";
import { UnknownSessionError } from "./errors.ts";

/** One person's conversation with the bot on the web. */
export interface WebSession {
  /** The capability: whoever knows it may speak in the session. */
  readonly id: string;
  /** The conversation's chat id: safe to log. */
  readonly chat: string;
  readonly userId: string;
  /** Its user began it logged in: nobody else may speak in it, whoever holds the id. */
  readonly isOfLogin: boolean;
}

export interface SessionIds {
  /** A new session, of a user whom the caller named, of one who is logged in, or of a guest that is made with it. */
  readonly issue: (of?: { readonly named: string } | { readonly loggedIn: string }) => WebSession;
  /** Throws `web/unknown-session`, or `web/foreign-session` where `userId` is given and is not the session's. */
  readonly open: (id: string, userId?: string) => Promise<WebSession>;
  /** The id stops working, in all processes and after restarts too. */
  readonly revoke: (session: WebSession) => Promise<void>;
  /** A signature only this account can make. */
  readonly sign: (text: string) => Buffer;
}

/** Guests' user ids start with it; nobody else's may. */
export const GUEST_PREFIX = "guest-";

/** What an id's tag is made for. One that is made for a login cannot pass for another. */
const PURPOSES = ["session", "login"] as const;
type Purpose = (typeof PURPOSES)[number];

const NONCE_BYTES = 16;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const KEY_NAME = "session-key";
const MAX_REVOKED_IN_MEMORY = 10_000;

/** Loads the account's key, or makes it where there is none. */
export async function openSessionIds(values: AdapterContext<never>["values"]): Promise<SessionIds> {
  let key = await loadKey(values);
  const revoked = new LRUCache<string, true>({ max: MAX_REVOKED_IN_MEMORY });
  const tagOf = (purpose: Purpose, nonce: Buffer, user: Buffer): Buffer =>
    sign(key, Buffer.concat([Buffer.from(`${purpose}\0`), nonce, user]));
  const purposeOf = ([nonce, tag, user]: Parts): Purpose | undefined =>
    PURPOSES.find((purpose) => timingSafeEqual(tag, tagOf(purpose, nonce, user)));
  const isRevoked = async (chat: string): Promise<boolean> =>
    revoked.has(chat) || (await values?.get(revokedName(chat))) !== undefined;
  return {
    issue: (of = { named: "" }) => {
      const nonce = randomBytes(NONCE_BYTES);
      const [purpose, userId] = "named" in of ? (["session", of.named] as const) : (["login", of.loggedIn] as const);
      const user = Buffer.from(userId, "utf8");
      return describe(Buffer.concat([nonce, tagOf(purpose, nonce, user), user]), purpose);
    },
    open: async (id, userId) => {
      const bytes = Buffer.from(id, "base64url");
      const parts = partsOf(bytes);
      // The comparison with the canonical form refuses ids that differ only in unused bits.
      if (parts[1].length !== TAG_BYTES || bytes.toString("base64url") !== id) throw new UnknownSessionError();
      let purpose = purposeOf(parts);
      if (purpose === undefined) {
        // Another process that started for the first time together with this one may have written its key last.
        key = await loadKey(values, key);
        purpose = purposeOf(parts);
      }
      if (purpose === undefined) throw new UnknownSessionError();
      const session = describe(bytes, purpose);
      if (await isRevoked(session.chat)) throw new UnknownSessionError();
      if (userId !== undefined && userId !== session.userId)
        throw new ParleyError(
          "web/foreign-session",
          "This session belongs to another userId. Use that user's session, or leave sessionId out to be given a new one.",
          { status: 403 },
        );
      return session;
    },
    revoke: async ({ chat }) => {
      revoked.set(chat, true);
      await values?.set(revokedName(chat), true);
    },
    sign: (text) => sign(key, Buffer.from(`other\0${text}`)),
  };
}

type Parts = readonly [nonce: Buffer, tag: Buffer, user: Buffer];

function partsOf(bytes: Buffer): Parts {
  const end = NONCE_BYTES + TAG_BYTES;
  return [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, end), bytes.subarray(end)];
}

function describe(bytes: Buffer, purpose: Purpose): WebSession {
  const [nonce, , user] = partsOf(bytes);
  return {
    id: bytes.toString("base64url"),
    chat: hashOf("chat", nonce),
    userId: user.length > 0 ? user.toString("utf8") : `${GUEST_PREFIX}${hashOf("guest", nonce)}`,
    isOfLogin: purpose === "login",
  };
}

/** 128 bits, in 22 characters. */
function hashOf(purpose: string, nonce: Buffer): string {
  return createHash("sha256").update(purpose).update(nonce).digest().subarray(0, 16).toString("base64url");
}

function sign(key: Buffer, bytes: Buffer): Buffer {
  return createHmac("sha256", key).update(bytes).digest().subarray(0, TAG_BYTES);
}

function revokedName(chat: string): string {
  return `revoked:${chat}`;
}

const StoredKey = z.string().regex(/^[0-9a-f]{64}$/u);

/** Kept with the account's values, so that sessions survive restarts and hold in every process. */
async function loadKey(
  values: AdapterContext<never>["values"],
  fresh: Buffer = randomBytes(KEY_BYTES),
): Promise<Buffer> {
  if (values === undefined) return fresh;
  const stored = StoredKey.safeParse(await values.get(KEY_NAME));
  if (stored.success) return Buffer.from(stored.data, "hex");
  await values.set(KEY_NAME, fresh.toString("hex"));
  // Read again: where two processes start for the first time together, the later write stands for both.
  return Buffer.from(StoredKey.parse(await values.get(KEY_NAME)), "hex");
}
