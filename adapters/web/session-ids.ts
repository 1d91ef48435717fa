/**
 * Session ids: unguessable, bound to their user, verifiable without a table.
 *
 * An id is `nonce (128 bits) + tag (128 bits) + purpose and user`, in base64url, encrypted (AES-256-GCM): ids stand in addresses, which
 * proxies log. The purpose says whether the user was logged in. Conversations are known by a hash of the nonce, so the id
 * itself, which lets its holder speak, never stands in a log or a trace.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
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
  /**
   * A new session, of a user whom the caller named, of one who is logged in, or of a guest that is made with it. For the same
   * `callId` it is the same one. Throws `web/unknown-session` where that one was revoked.
   */
  readonly issue: (
    of?: { readonly named: string } | { readonly loggedIn: string },
    callId?: string,
  ) => Promise<WebSession>;
  /** Throws `web/unknown-session`, or `web/foreign-session` where `userId` is given and is not the session's. */
  readonly open: (id: string, userId?: string) => Promise<WebSession>;
  /** The id stops working, in all processes and after restarts too. */
  readonly revoke: (session: WebSession) => Promise<void>;
  /** A signature only this account can make. */
  readonly sign: (text: string) => Buffer;
}

/** Guests' user ids start with it; nobody else's may. */
export const GUEST_PREFIX = "guest-";

/** What an id is made for, by its place in the list: one byte before the user. */
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
  const isRevoked = async (chat: string): Promise<boolean> =>
    revoked.has(chat) || (await values?.get(revokedName(chat))) !== undefined;
  return {
    issue: async (of = { named: "" }, callId) => {
      const nonce = callId === undefined ? randomBytes(NONCE_BYTES) : sign(key, Buffer.from(`call\0${callId}`));
      const [purpose, userId] = "named" in of ? (["session", of.named] as const) : (["login", of.loggedIn] as const);
      const session = describe(nonce, lock(key, nonce, { purpose, userId }), { purpose, userId });
      if (callId !== undefined && (await isRevoked(session.chat))) throw new UnknownSessionError();
      return session;
    },
    open: async (id, userId) => {
      const bytes = Buffer.from(id, "base64url");
      const [nonce, locked] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      // The comparison with the canonical form refuses ids that differ only in unused bits.
      if (locked.length <= TAG_BYTES || bytes.toString("base64url") !== id) throw new UnknownSessionError();
      let issued = unlock(key, nonce, locked);
      if (issued === undefined) {
        // Another process that started for the first time together with this one may have written its key last.
        key = await loadKey(values, key);
        issued = unlock(key, nonce, locked);
      }
      if (issued === undefined) throw new UnknownSessionError();
      const session = describe(nonce, locked, issued);
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

interface Issued {
  readonly purpose: Purpose;
  /** Empty for a guest. */
  readonly userId: string;
}

/** Another key than that of signatures, made of it. */
const keyOf = (key: Buffer): Buffer => createHmac("sha256", key).update("session ids").digest();

function lock(key: Buffer, nonce: Buffer, { purpose, userId }: Issued): Buffer {
  const cipher = createCipheriv("aes-256-gcm", keyOf(key), nonce);
  const plain = Buffer.concat([Buffer.of(PURPOSES.indexOf(purpose)), Buffer.from(userId, "utf8")]);
  const hidden = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([cipher.getAuthTag(), hidden]);
}

/** Undefined where it was not made here, or was changed. */
function unlock(key: Buffer, nonce: Buffer, locked: Buffer): Issued | undefined {
  const decipher = createDecipheriv("aes-256-gcm", keyOf(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(locked.subarray(0, TAG_BYTES));
  let plain: Buffer;
  try {
    plain = Buffer.concat([decipher.update(locked.subarray(TAG_BYTES)), decipher.final()]);
  } catch {
    // `final` says no more than that the tag is wrong.
    return undefined;
  }
  const purpose = PURPOSES[plain.readUInt8(0)];
  return purpose && { purpose, userId: plain.subarray(1).toString("utf8") };
}

function describe(nonce: Buffer, locked: Buffer, { purpose, userId }: Issued): WebSession {
  return {
    id: Buffer.concat([nonce, locked]).toString("base64url"),
    chat: hashOf("chat", nonce),
    userId: userId === "" ? `${GUEST_PREFIX}${hashOf("guest", nonce)}` : userId,
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
