/**
 * The encrypted session where the installation keeps files, so that any of its machines can take the account over. The browser's
 * process seals into a file of this machine; from there it is moved, and before a start it is brought back.
 *
 * A session is known by its beginning, which is random. Each machine notes the last one that it stored or brought here: where
 * another one is stored, the account ran elsewhere meanwhile, and what this machine still has of it is out of date.
 */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Files } from "../../../adapter.ts";
import type { StartOptions } from "./protocol.ts";

/** The keys of stored sessions: `parley store copy` takes them along. */
export const SESSIONS = {
  name: "sessions",
  prefix: "whatsapp/sessions/",
  keys: /^whatsapp\/sessions\/[\w-]+\.session$/u,
} as const;

/** Magic and salt. */
const BEGINNING = 34;

export interface StoredSession {
  /** Before a start: brings the session here, and takes away what is out of date. */
  readonly fetch: () => Promise<void>;
  /** After it was sealed: stores it. False where another machine has stored a newer one, which stays. */
  readonly keep: () => Promise<boolean>;
  /** After the device was unlinked. */
  readonly forget: () => Promise<void>;
}

export interface SessionPlace extends Pick<StartOptions, "profile" | "sealed"> {
  /** Left out: the session stays on this machine. */
  readonly files: Files | undefined;
  readonly key: string;
}

/** What is asked at once is done one after the other. */
export function createStoredSession({ files, key, profile, sealed }: SessionPlace): StoredSession {
  if (files === undefined) return { fetch: async () => {}, keep: async () => true, forget: async () => {} };
  const noted = notesIn(`${sealed}.stored`);
  const inTurn = oneByOne();
  const stored = async (): Promise<string> => await beginningOf((await files.open(key, { first: BEGINNING }))?.content);
  const keep = async (): Promise<boolean> => {
    const [own, before] = [await beginningOfFile(sealed), await stored()];
    if (own === "" || own === before) return true;
    if (!(await noted.has(before))) {
      await rm(sealed);
      return false;
    }
    // Should this process end in between, it knows both.
    await noted.write(before, own);
    await files.take(key, sealed);
    await noted.write(own);
    return true;
  };
  const bring = async (): Promise<void> => {
    const file = await files.open(key);
    if (file === undefined) return await noted.write("");
    await mkdir(dirname(sealed), { recursive: true, mode: 0o700 });
    const draft = `${sealed}.new`;
    await pipeline(Readable.from(file.content), createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, sealed);
    await noted.write(await beginningOfFile(sealed));
  };
  return {
    fetch: async () =>
      await inTurn(async () => {
        // What a machine sealed and could not store, or stored before sessions were files of the installation.
        await keep();
        if (!(await noted.has(await stored()))) await rm(profile, { recursive: true, force: true });
        // A profile that a crash left behind is newer than what is stored.
        if (existsSync(profile)) return;
        await rm(sealed, { force: true });
        await bring();
      }),
    keep: async () => await inTurn(keep),
    forget: async () =>
      await inTurn(async () => {
        if (await noted.has(await stored())) await files.remove(key);
        await noted.write("");
      }),
  };
}

/** The sessions that this machine stored or brought here; the empty one where none is stored. */
function notesIn(path: string) {
  return {
    has: async (session: string): Promise<boolean> => {
      const known = existsSync(path) ? (await readFile(path, "utf8")).split("\n") : [""];
      return known.includes(session);
    },
    write: async (...sessions: readonly string[]): Promise<void> => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, sessions.join("\n"), { mode: 0o600 });
    },
  };
}

function oneByOne(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const done = last.then(work, work);
    last = done;
    return await done;
  };
}

/** Empty where it is not there. */
async function beginningOfFile(path: string): Promise<string> {
  return existsSync(path) ? await beginningOf(createReadStream(path, { end: BEGINNING - 1 })) : "";
}

async function beginningOf(content: AsyncIterable<unknown> | undefined): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content ?? []) if (part instanceof Uint8Array) parts.push(part);
  return Buffer.concat(parts).toString("hex");
}
