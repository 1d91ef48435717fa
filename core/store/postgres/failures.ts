/** What a failure of PostgreSQL or of the way to it means, and what to do about it. */
import { toError } from "../../errors.ts";
import { DatabaseError } from "../errors.ts";

/**
 * `conflict`: other writes came in between. `overloaded`: the server said no for now. `lost`: its answer did not come, so that
 * a commit may stand. `refused`: the statement's own fault, such as a constraint or wrong SQL. Only `lost` leaves open whether
 * something was stored.
 */
export type Verdict = "conflict" | "overloaded" | "lost" | "refused";

interface Failure {
  /** SQLSTATEs (by class or whole) and the system's codes. */
  readonly codes: RegExp;
  readonly verdict: Exclude<Verdict, "refused">;
  /** It stays as it is until somebody corrects the configuration. */
  readonly isMistake?: true;
  readonly says: (place: string) => string;
}

const FAILURES: readonly Failure[] = [
  {
    codes: /^(?:40001|40P01)$/u,
    verdict: "conflict",
    says: (place) => `${place}: other writes came in between again and again. It is tried again.`,
  },
  {
    codes: /^(?:55P03|57014)$/u,
    verdict: "overloaded",
    says: (place) =>
      `${place} took too long: a lock is held or the server is overloaded. Look at pg_stat_activity and pg_locks.`,
  },
  {
    codes: /^53100$/u,
    verdict: "overloaded",
    says: (place) => `The disk of ${place} is full. Free some space there; a bot that runs goes on by itself then.`,
  },
  {
    codes: /^53/u,
    verdict: "overloaded",
    says: (place) =>
      `${place} is out of connections or memory. Raise max_connections, or lower store.connections in bots.config.ts.`,
  },
  {
    codes: /^25006$/u,
    verdict: "lost",
    says: (place) => `${place} is read-only: it is a standby, or was one a moment ago. Let store.url name the primary.`,
  },
  {
    codes: /^26000$/u,
    verdict: "lost",
    isMistake: true,
    says: (place) => `${place} stands behind a pooler that forgets prepared statements. Set store.pooler to true.`,
  },
  {
    // Messages wait until the right is given: none of them is to blame.
    codes: /^42501$/u,
    verdict: "overloaded",
    isMistake: true,
    says: (place) =>
      `${place} does not give its user a right that is needed. As its owner: GRANT CREATE, USAGE ON SCHEMA public TO …; ` +
      "GRANT ALL ON ALL TABLES IN SCHEMA public TO …; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ….",
  },
  {
    codes: /^08P01$/u,
    verdict: "lost",
    isMistake: true,
    says: (place) =>
      `${place} does not take what is sent at the start of a connection. Behind a pooler, set store.pooler to true.`,
  },
  {
    codes: /^(?:28|3D000)/u,
    verdict: "lost",
    isMistake: true,
    says: (place) =>
      `${place} refused the login. Check user, password and database name in store.url, and pg_hba.conf.`,
  },
  {
    codes: /^(?:ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|PARLEY_NO_TLS$)/u,
    verdict: "lost",
    isMistake: true,
    says: (place) =>
      `${place} offers no TLS, or no certificate that can be verified. Correct its certificate, name its authority in ` +
      "NODE_EXTRA_CA_CERTS, or correct sslmode in store.url.",
  },
  {
    codes: /^PARLEY_STALE$/u,
    verdict: "lost",
    says: (place) => `The tables of ${place} were changed by another release. Statements are prepared anew.`,
  },
  {
    codes: /^(?:08|57P0|E[A-Z]+$|PARLEY_TIMEOUT$|PARLEY_FATAL$)/u,
    verdict: "lost",
    says: (place) =>
      `${place} cannot be reached. Does the server run, and does store.url name it? A bot that runs waits for it.`,
  },
];

/** Known by their words or their severity alone. */
function ownCodeOf(thrown: Error): string | undefined {
  if (thrown.message.startsWith("cached plan must not change result type")) return "PARLEY_STALE";
  if (thrown.message.startsWith("The server does not support SSL")) return "PARLEY_NO_TLS";
  return LOST.test(thrown.message) ? "PARLEY_TIMEOUT" : undefined;
}

/** Whatever a server or pooler says as it ends a connection, another attempt may go well. */
function endsConnection(thrown: Error): boolean {
  return "severity" in thrown && (thrown.severity === "FATAL" || thrown.severity === "PANIC");
}

/** pg tells of lost and late connections by these words alone. */
const LOST =
  /^(?:Connection terminated|Query read timeout|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|Client network socket disconnected)/u;

export function verdictOn(thrown: unknown): Verdict {
  if (thrown instanceof CommitUnknownError) return "lost";
  return failureOf(thrown)?.verdict ?? "refused";
}

/** The failure as the named, retryable error of a store; what is the statement's own fault comes back as it is. */
export function explainedFailure(place: string, thrown: unknown): Error {
  const failure = failureOf(thrown);
  const cause = toError(thrown);
  if (failure === undefined || cause instanceof DatabaseError) return cause;
  return new DatabaseError(`${failure.says(place)} (${cause.message})`, { retryable: true, cause });
}

/** Whether this error of a store is its server's being away, full or busy, which passes without anybody's correction. */
export function passes(thrown: unknown): boolean {
  if (!(thrown instanceof DatabaseError)) return false;
  const failure = failureOf(thrown.cause);
  return failure !== undefined && failure.isMistake !== true;
}

function failureOf(thrown: unknown): Failure | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
  const known = ownCodeOf(thrown) ?? code;
  const find = (wanted: string): Failure | undefined => FAILURES.find(({ codes }) => codes.test(wanted));
  if (known !== undefined) return find(known) ?? (endsConnection(thrown) ? find("PARLEY_FATAL") : undefined);
  // A name with several addresses fails with all of their errors in one.
  return thrown instanceof AggregateError ? failureOf(thrown.errors[0]) : undefined;
}

/** The answer to a commit was lost: it may stand. */
export class CommitUnknownError extends Error {
  override readonly name = "CommitUnknownError";

  constructor(cause: unknown) {
    super("the answer to a commit was lost", { cause });
  }
}
