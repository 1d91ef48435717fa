/** One person on two platforms: a code asked for on the first and typed on the second, both in direct chats. */
import type { AccountId } from "../conversation-id.ts";
import { type Environment, secureRandomBelow } from "../environment.ts";
import type { Store } from "../store/store.ts";
import { newLinkCode, parseLinkCode } from "./link-code.ts";

const VALID_MINUTES = 10;
/** A person mistypes a few times; a guesser needs hundreds of thousands of tries. */
const ATTEMPTS = { limit: 5, windowMs: 10 * 60_000 };
const REQUESTS = { limit: 5, windowMs: 10 * 60_000 };

/** Who is asking, where, and by which event (so that its replay does not count as another attempt). */
export interface LinkIdentity {
  readonly account: AccountId;
  readonly userId: string;
  readonly chatType: "direct" | "group";
  readonly eventId: string;
}

/** What became of it: `status` for programs, `text` (Markdown) for the person. */
export interface LinkResult<Status extends string> {
  readonly status: Status;
  readonly text: string;
}

/** A fresh code, or why there is none. */
export type StartLinkResult =
  | (LinkResult<"code"> & { readonly code: string; readonly expiresAt: string })
  | LinkResult<"not-direct" | "too-many">;

export interface Linking {
  /** Makes a code for the person to type on another platform; an older code of theirs stops working. */
  readonly startLink: (identity: LinkIdentity) => Promise<StartLinkResult>;
  /** Uses a typed code; undefined when the text is not one, and is to be handled as any other. */
  readonly tryRedeem: (
    text: string,
    identity: LinkIdentity,
  ) => Promise<LinkResult<"linked" | "own" | "unknown" | "expired" | "not-direct" | "too-many"> | undefined>;
  /** Separates this platform's user from the person's other platforms. */
  readonly unlink: (identity: LinkIdentity) => Promise<LinkResult<"unlinked" | "not-linked" | "not-direct">>;
}

export interface LinkingOptions {
  readonly store: Pick<Store, "people" | "usage">;
  readonly environment: Pick<Environment, "clock" | "randomBelow">;
}

/** Links one person's platforms by codes of 10 minutes, single use, with few attempts. */
export function createLinking({ store, environment }: LinkingOptions): Linking {
  const { people, usage } = store;

  async function mayTry(what: "attempt" | "request", { account, userId, eventId }: LinkIdentity): Promise<boolean> {
    const { limit, windowMs } = what === "attempt" ? ATTEMPTS : REQUESTS;
    const key = `link-${what}:${account}:${encodeURIComponent(userId)}`;
    return (await usage.hit(key, { id: eventId, at: environment.clock(), windowMs, limit })).allowed;
  }

  return {
    startLink: async (identity) => {
      if (identity.chatType !== "direct") return texts.startInDirect;
      if (!(await mayTry("request", identity))) return texts.tooMany;
      const person = await people.personOf(identity.account, identity.userId);
      const code = newLinkCode(environment.randomBelow ?? secureRandomBelow);
      const expiresAt = new Date(environment.clock() + VALID_MINUTES * 60_000).toISOString();
      await people.createCode(person, parseLinkCode(code) ?? code, expiresAt);
      return { status: "code", code, expiresAt, text: codeText(code) };
    },
    tryRedeem: async (text, identity) => {
      const code = parseLinkCode(text);
      if (code === undefined) return undefined;
      if (!(await mayTry("attempt", identity))) return texts.tooMany;
      if (identity.chatType !== "direct") {
        // Everyone in the group has read it, and any of them could use it elsewhere.
        await people.revokeCode(code);
        return texts.redeemInDirect;
      }
      const now = new Date(environment.clock()).toISOString();
      return texts[await people.redeem(identity.account, identity.userId, { code, now })];
    },
    unlink: async (identity) => {
      if (identity.chatType !== "direct") return texts.unlinkInDirect;
      return (await people.unlink(identity.account, identity.userId)) ? texts.unlinked : texts.notLinked;
    },
  };
}

function codeText(code: string): string {
  return (
    `Your code is \`${code}\`. Send it to me in a direct chat on your other platform within ${VALID_MINUTES} minutes; ` +
    "it works once. Never give it to anyone: whoever types it is treated as you."
  );
}

const texts = {
  linked: {
    status: "linked",
    text: "Done: this chat and the one you got the code in are now linked. I know you here as I do there. To undo it, say *unlink*.",
  },
  own: { status: "own", text: "That code is from this same person: type it on the other platform you want to link." },
  unknown: {
    status: "unknown",
    text: "I do not know that code. Check it for typing mistakes, or ask for a new one on your other platform.",
  },
  expired: { status: "expired", text: "That code is too old. Ask for a new one on your other platform." },
  tooMany: { status: "too-many", text: "That were too many tries. Please wait ten minutes, then ask for a new code." },
  startInDirect: { status: "not-direct", text: "Others can read along here. Ask me for a code in a direct chat." },
  redeemInDirect: {
    status: "not-direct",
    text: "Others can read that code here, so it no longer works. Ask for a new one and type it in a direct chat with me.",
  },
  unlinkInDirect: { status: "not-direct", text: "Please ask me that in a direct chat." },
  unlinked: {
    status: "unlinked",
    text: "This chat is on its own again: it keeps what it knew before it was linked, the others keep the rest.",
  },
  notLinked: { status: "not-linked", text: "This chat is not linked to another platform." },
} as const;
