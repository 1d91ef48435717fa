/** The data keys of an installation, unwrapped in memory: the newest seals, all of them open. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../environment.ts";
import type { Database } from "../../store/sql/database.ts";
import { all, run } from "../../store/sql/work.ts";
import { type Cipher, createCipher, KEY_BYTES } from "./cipher.ts";
import type { KeyPort } from "./keys/key-port.ts";
import { addKey, allKeys, type Purpose, type RingRow, sealingModule, wrapAnew } from "./ring-table.ts";

const LOCK = { lock: "sealing" } as const;

export interface OpenRing {
  /** The id of the key that seals. */
  readonly active: string;
  /** When it was made, in ms since the epoch. */
  readonly activeSince: number;
  readonly ciphers: ReadonlyMap<string, Cipher>;
  /** For texts that rows are found by. It stays the same. */
  readonly digests: Uint8Array;
}

interface RingOptions {
  readonly database: Database;
  readonly keys: KeyPort;
  readonly clock: Clock;
}

/** Reads all keys, and makes them where there are none. Those that `known` has are not unwrapped again. */
export async function openRing(
  { database, keys, clock }: RingOptions,
  known: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<{ readonly ring: OpenRing; readonly raw: ReadonlyMap<string, Uint8Array> }> {
  await database.migrate(sealingModule);
  let rows = await database.all(allKeys, {});
  if (rows.length === 0) {
    await makeFirst({ database, keys, clock });
    rows = await database.all(allKeys, {});
  }
  const raw = new Map<string, Uint8Array>();
  for (const { id, wrapped, by } of rows) raw.set(id, known.get(id) ?? (await keys.unwrap({ by, bytes: wrapped }, id)));
  const active = rows.findLast(({ purpose }) => purpose === "values");
  const digests = raw.get(rows.find(({ purpose }) => purpose === "digests")?.id ?? "");
  if (active === undefined || digests === undefined) throw new Error("The list of data keys is incomplete");
  const ciphers = new Map(
    rows.flatMap(({ id, purpose }) => {
      const key = raw.get(id);
      return key === undefined || purpose === "digests" ? [] : [[id, createCipher(key)] as const];
    }),
  );
  return { ring: { active: active.id, activeSince: active.createdAt, ciphers, digests }, raw };
}

/** Of several processes that start at once, one makes the keys of all. */
async function makeFirst({ database, keys, clock }: RingOptions): Promise<void> {
  await keys.prepare();
  const made = [await wrapNew(keys, "values"), await wrapNew(keys, "digests")];
  const createdAt = clock();
  await database.write(function* () {
    if ((yield* all(allKeys, {})).length > 0) return;
    for (const [index, key] of made.entries()) yield* run(addKey, { ...key, number: index + 1, createdAt });
  }, LOCK);
}

/** Makes the key that seals from now on. Whoever has not read it yet goes on with the one before, which goes on opening. */
export async function addNewest({ database, keys, clock }: RingOptions): Promise<void> {
  const key = await wrapNew(keys, "values");
  const createdAt = clock();
  await database.write(function* () {
    const last = (yield* all(allKeys, {})).at(-1)?.number ?? 0;
    yield* run(addKey, { ...key, number: last + 1, createdAt });
  }, LOCK);
}

/** Wraps anew what another key wraps; gives how many. Cut off, it goes on when it is called again. */
export async function wrapAllAnew({ database, keys }: Pick<RingOptions, "database" | "keys">): Promise<number> {
  const current = await keys.current();
  const old = (await database.all(allKeys, {})).filter(({ by }) => by !== current);
  for (const row of old) await wrapRow(database, keys, row);
  return old.length;
}

async function wrapRow(database: Database, keys: KeyPort, { id, by: before, wrapped }: RingRow): Promise<void> {
  const { by, bytes } = await keys.wrap(await keys.unwrap({ by: before, bytes: wrapped }, id), id);
  await database.change(wrapAnew, { id, before, wrapped: bytes, by });
}

async function wrapNew(keys: KeyPort, purpose: Purpose) {
  const id = randomBytes(8).toString("hex");
  const { by, bytes } = await keys.wrap(randomBytes(KEY_BYTES), id);
  return { id, purpose, wrapped: bytes, by };
}
