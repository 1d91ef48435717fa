/** What a failure of a file or of SQLite means for whoever runs the bot, and what to do about it. */
import { dirname } from "node:path";
import { toError } from "../../errors.ts";
import { sqliteErrorCode } from "./driver.ts";
import { DatabaseError } from "../errors.ts";

/** Codes that nothing but a disk gives. */
const FILES_ONLY = /^(?:ENOSPC|EDQUOT|EROFS)$/u;

interface Trouble {
  /** SQLite's codes and the system's. */
  readonly codes: RegExp;
  readonly says: (path: string) => string;
  /** Whether it may heal without the process being started anew. */
  readonly retryable: boolean;
}

const TROUBLES: readonly Trouble[] = [
  {
    codes: /^(?:SQLITE_FULL|ENOSPC|EDQUOT)/u,
    says: (path) =>
      `The disk of ${dirname(path)} is full. Free some space there (df -h ${dirname(path)}); a bot that runs goes on by itself then.`,
    retryable: true,
  },
  {
    codes: /^(?:SQLITE_CORRUPT|SQLITE_NOTADB)/u,
    says: (path) =>
      `The database ${path} is damaged. Stop Parley, move the file aside together with its -wal and -shm, and put a backup ` +
      `in its place; without one, try: sqlite3 ${path} .recover | sqlite3 recovered.sqlite`,
    retryable: false,
  },
  {
    codes: /^(?:SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EROFS|EACCES|EPERM|ENOTDIR|EISDIR|EEXIST)/u,
    says: (path) =>
      `${path} cannot be written: the folder or its disk is read-only, or belongs to somebody else. Make ` +
      `${dirname(path)} writable for this user, or set dataDirectory to a folder that is.`,
    retryable: false,
  },
  {
    codes: /^(?:SQLITE_BUSY|SQLITE_LOCKED)/u,
    says: (path) =>
      `Another program holds ${path} for too long. Close what has it open (fuser ${path}); it is tried again.`,
    retryable: true,
  },
  {
    codes: /^(?:SQLITE_IOERR|EIO)/u,
    says: (path) => `The disk of ${path} answers with errors. Look at it (df -h, dmesg) before it loses more.`,
    retryable: true,
  },
];

/** What is the matter, in words; undefined when this is no failure of a file or of SQLite. */
export function troubleWith(
  path: string,
  thrown: unknown,
): { readonly says: string; readonly retryable: boolean } | undefined {
  const code = codeOf(thrown);
  const trouble = TROUBLES.find(({ codes }) => code !== undefined && codes.test(code));
  return trouble === undefined ? undefined : { says: trouble.says(path), retryable: trouble.retryable };
}

/** The same as an error to be thrown; what is no such failure comes back as it is. */
export function explained(path: string, thrown: unknown): unknown {
  const trouble = troubleWith(pathOf(thrown) ?? path, thrown);
  if (trouble === undefined) return thrown;
  return new DatabaseError(trouble.says, { retryable: trouble.retryable, cause: toError(thrown) });
}

function codeOf(thrown: unknown): string | undefined {
  const own = sqliteErrorCode(thrown);
  if (own !== undefined) return own;
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return undefined;
  // Ports and sockets are refused with the same codes as files; only files have a path.
  return pathOf(thrown) !== undefined || FILES_ONLY.test(thrown.code) ? thrown.code : undefined;
}

/** The system names the file that it means. */
function pathOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "path" in thrown && typeof thrown.path === "string" ? thrown.path : undefined;
}
