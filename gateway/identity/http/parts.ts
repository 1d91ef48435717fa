/** What the calls on identities work with, and who calls. */
import { ParleyError } from "../../../core/errors.ts";
import type { Caller } from "../../../core/http.ts";
import type { Identity } from "../identity.ts";

export interface IdentityRouteParts {
  readonly identity: Identity;
  readonly clock: () => number;
  /** The ids of the bots there are. */
  readonly bots: () => readonly string[];
  /** The accounts of bots in whose chats users write, such as `web:main`. */
  readonly chats?: () => readonly string[];
  /** A user is gone: what others keep of what it called goes too. */
  readonly removed?: (userId: string) => Promise<void>;
  /** A link was used: where it lies it opens nothing any more. */
  readonly linkUsed?: () => Promise<void>;
  /** By what address browsers call this server; left out, as they call it on this machine. */
  readonly origin: string | undefined;
}

/** Guesses are slowed down by login and network besides: this bounds what checking them costs. */
export const LOGINS_PER_MINUTE = 30;

/** Who is logged in. Throws `identity/no-session` for tokens of programs, keys and whoever sits at the machine. */
export function loggedIn({ userId, credential = "" }: Caller): { readonly userId: string; readonly sessionId: string } {
  const sessionId = /^session:(.+)$/u.exec(credential)?.[1];
  if (userId !== undefined && sessionId !== undefined) return { userId, sessionId };
  throw new ParleyError(
    "identity/no-session",
    "This call is for people who are logged in: send the access token of POST /api/v1/auth/login, no key.",
    { status: 403 },
  );
}

/** Throws `identity/unknown-bot` for a bot that the configuration has not. */
export function requireBot(bots: readonly string[], bot: string): void {
  if (bot === "*" || bots.includes(bot)) return;
  throw new ParleyError("identity/unknown-bot", `There is no such bot, only: ${bots.join(", ")}. All of them: "*".`, {
    status: 400,
  });
}
