/** Hashes of passwords: argon2id; bcrypt only as it was imported, until the next login. */
import { hash, parseOptions, verify } from "@node-rs/argon2";
import { compare, getRounds } from "bcryptjs";
import pLimit from "p-limit";
import { InvalidInputError, ParleyError } from "../../core/errors.ts";

/** What OWASP asks of argon2id at least, with 19 MiB. The library's default algorithm is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const ARGON2ID = "$argon2id$";
/** Imported hashes that cost more would keep a process busy for seconds. */
const MOST = { rounds: 13, memoryCost: 262_144, timeCost: 10, parallelism: 16 } as const;
/** A password may be a sentence; what is longer only costs time. */
export const LONGEST_PASSWORD = 256;
const AT_ONCE = 4;
const WAITING = 100;

const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/u;

const limit = pLimit(AT_ONCE);

/** Throws `identity/busy` where too many wait already: each takes memory and a core. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (limit.pendingCount >= WAITING)
    throw new ParleyError("identity/busy", "Too many logins are being checked. Try again in a few seconds.", {
      status: 503,
      retryable: true,
      retryAfterMs: 5_000,
    });
  return await limit(work);
}

/** A new hash of a password. */
export async function hashPassword(password: string): Promise<string> {
  return await inTurn(async () => await hash(password.normalize("NFKC"), COST));
}

/** Whether it is the password of the hash. */
export async function matchesPassword(password: string, hashed: string): Promise<boolean> {
  if (password.length === 0 || password.length > LONGEST_PASSWORD) return false;
  // Elsewhere it may have been hashed as it was typed.
  const spellings = [...new Set([password.normalize("NFKC"), password])];
  for (const spelling of spellings)
    if (await inTurn(async () => await (BCRYPT.test(hashed) ? compare(spelling, hashed) : verify(hashed, spelling))))
      return true;
  return false;
}

/** Of no password: its salt and its bytes are all zero. */
const NOBODYS = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`;

/** Takes as long as a check, for logins that nobody has: the answer's time is not to tell which ones there are. */
export async function matchNobody(password: string): Promise<void> {
  await matchesPassword(password, NOBODYS);
}

/** Whether a hash was made another way than new ones are. */
export function isOutdated(hashed: string): boolean {
  if (BCRYPT.test(hashed)) return true;
  const { memoryCost, timeCost, parallelism } = parseOptions(hashed);
  return (
    !hashed.startsWith(ARGON2ID) ||
    memoryCost !== COST.memoryCost ||
    timeCost !== COST.timeCost ||
    parallelism !== COST.parallelism
  );
}

/** Throws `identity/hash` for what is no argon2id or bcrypt hash of a bearable cost. */
export function checkImportedHash(hashed: string): void {
  if (isImportableHash(hashed)) return;
  throw new InvalidInputError(
    "identity/hash",
    `A password hash cannot be imported. Accepted are bcrypt with a cost of ${MOST.rounds} at most, and argon2id in its PHC form ($argon2id$v=19$…).`,
  );
}

/** Whether `checkImportedHash` takes it. */
export function isImportableHash(hashed: string): boolean {
  if (BCRYPT.test(hashed)) return getRounds(hashed) <= MOST.rounds;
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(hashed);
    return (
      hashed.startsWith(ARGON2ID) &&
      memoryCost <= MOST.memoryCost &&
      timeCost <= MOST.timeCost &&
      parallelism <= MOST.parallelism
    );
  } catch {
    return false;
  }
}
