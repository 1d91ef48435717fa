/** What a failure of Redis means for whoever runs the bot, and what to do about it. Never says the password. */
import { describeError, ParleyError } from "../../errors.ts";
import { BrokerUnavailableError } from "../errors.ts";
import type { ConnectionOptions } from "./options.ts";

/** In a password these must be percent-encoded. */
const RESERVED = ["@", ":", "/", "?", "#", "[", "]", " ", "%"] as const;
/** These end the address's first part wherever they stand: no reader finds the host behind them. */
const ENDS_AUTHORITY = /[/?#]/u;

/** Whether the server answered that it does not let this user in. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && /^(?:NOAUTH|WRONGPASS|NOPERM)\b|invalid password/u.test(thrown.message);
}

/** Throws when the address cannot be read because of a password that is not percent-encoded. */
export function refuseUnreadable(url: string): void {
  if (isUnreadable(url)) {
    throw new ParleyError("broker/redis-refused", `The address of Redis cannot be read: ${encodingHint(url)}`);
  }
}

/** What is wrong with an address of Redis as it is written; undefined where nothing is. Does not repeat it. */
export function redisAddressFault(url: string): string | undefined {
  if (!/^rediss?:\/\//u.test(url)) return "is no address of Redis: it must begin with redis:// or rediss://";
  if (isUnreadable(url)) return `cannot be read. ${encodingHint(url)}`;
  const { host = "", port = "6379" } = /^(?<host>\[[^\]]+\]|[^:]*)(?::(?<port>.*))?$/u.exec(placeOf(url))?.groups ?? {};
  if (host === "") return "names no host";
  return /^\d{1,5}$/u.test(port) && Number(port) <= 65_535 ? undefined : "has a port that is none";
}

function isUnreadable(url: string): boolean {
  const { user, password } = credentialsOf(url);
  return [user, password].some((part) => ENDS_AUTHORITY.test(part) || !isDecodable(part));
}

/** The error for a server that could not be reached, or did not let us in. */
export function whyNotConnected(
  connection: string | ConnectionOptions,
  thrown: unknown,
  lastTrouble: Error | undefined,
): Error {
  const place = placeOf(connection);
  const hint = typeof connection === "string" ? encodingHint(connection) : "";
  if (isRefusal(thrown) || isRefusal(lastTrouble)) {
    return new ParleyError(
      "broker/redis-refused",
      `Redis at ${place} refused the password. Compare the address in the configuration with requirepass (or the ACL) ` +
        `of the server.${hint === "" ? "" : ` ${hint}`}`,
      { cause: thrown },
    );
  }
  const why = lastTrouble === undefined ? "no answer" : lastTrouble.message || describeError(lastTrouble);
  return new BrokerUnavailableError(
    "connect",
    thrown,
    `Redis at ${place} cannot be reached (${why}). Start it (redis-server --appendonly yes), or correct the address in ` +
      `the configuration.${hint === "" ? "" : ` ${hint}`}`,
  );
}

/** What an answer of the server means; undefined when it says nothing about itself. */
export function whatRedisSays(thrown: unknown): string | undefined {
  const message = thrown instanceof Error ? thrown.message : "";
  if (message.startsWith("MISCONF")) {
    return "Redis cannot save to its disk, and takes no writes. Free some space there (df -h); see the server's log.";
  }
  if (message.startsWith("OOM")) {
    return "Redis is out of memory, and takes no writes. Raise maxmemory, or give the server more memory.";
  }
  if (message.startsWith("READONLY")) {
    return "This Redis is a replica, and takes no writes. Point the broker at the primary server.";
  }
  if (isRefusal(thrown)) return "Redis refused the password. Correct it in the configuration, and start again.";
  return undefined;
}

/** Which characters of the password should be written otherwise; empty when none. */
function encodingHint(url: string): string {
  const { user, password } = credentialsOf(url);
  const found = RESERVED.filter((character) =>
    character === "%" ? ![user, password].every(isDecodable) : password.includes(character) || user.includes(character),
  );
  if (found.length === 0) return "";
  const codes = found.map(
    (character) => `${character === " " ? "the space" : character} as ${encodeURIComponent(character)}`,
  );
  return `Its password holds characters that mean something in an address; percent-encode it: write ${codes.join(", ")}.`;
}

/** Everything between the scheme and the last @, whatever it holds. */
function credentialsOf(url: string): { readonly user: string; readonly password: string } {
  const rest = url.replace(/^rediss?:\/\//u, "");
  const end = rest.lastIndexOf("@");
  const credentials = end < 0 ? "" : rest.slice(0, end);
  const colon = credentials.indexOf(":");
  return colon < 0
    ? { user: "", password: credentials }
    : { user: credentials.slice(0, colon), password: credentials.slice(colon + 1) };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function placeOf(connection: string | ConnectionOptions): string {
  if (typeof connection !== "string") return `${connection.host ?? "127.0.0.1"}:${connection.port ?? 6379}`;
  const rest = connection.replace(/^rediss?:\/\//u, "");
  return rest.slice(rest.lastIndexOf("@") + 1).replace(/[/?#].*$/u, "");
}
