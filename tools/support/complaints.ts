/** Complaints with a number, which people and admins find them by. */
import type { ConversationId } from "../../core/conversation-id.ts";
import type { Sealing } from "../../core/privacy/sealing/index.ts";
import type { Json } from "../../core/json.ts";
import type { Databases } from "../../core/store/databases.ts";
import { first, run } from "../../core/store/sql/work.ts";
import * as table from "./complaint-table.ts";

/** A recorded complaint. Whose it is and what they wrote is absent once they are forgotten. */
export interface Complaint {
  /** `C-2026-000123`: unique for a bot, counted from 1 each year. */
  readonly number: string;
  readonly bot: string;
  readonly at: string;
  readonly person?: string;
  readonly conversation?: ConversationId;
  readonly words?: string;
}

export interface Complaints {
  /** Records it, once for each key: the same key gives the same number. */
  readonly record: (complaint: {
    readonly bot: string;
    readonly key: string;
    readonly at: string;
    readonly person: string;
    readonly conversation: ConversationId;
    readonly words: string;
  }) => Promise<Complaint>;
  readonly list: (limit: number) => Promise<readonly Complaint[]>;
  /** Those of this number: one for each bot that has it. */
  readonly find: (number: string) => Promise<readonly Complaint[]>;
  /** Those of a person with a bot. */
  readonly of: (bot: string, person: string) => Promise<Json>;
  /** Erases whose complaints they were and what was written; the numbers stay. */
  readonly forget: (bot: string, person: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens those of the installation. */
export async function openComplaints(databases: Databases): Promise<Complaints> {
  const { file, modules } = table.complaintTables;
  const database = databases.open(file);
  const { sealing } = databases;
  const read = async (rows: () => Promise<readonly table.Row[]>): Promise<readonly Complaint[]> =>
    await sealing.reading(async () => (await rows()).map((row) => complaintOf(sealing, row)));
  try {
    for (const module of modules) await database.migrate(module);
    await sealing.ready();
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  return {
    record: async ({ bot, key, words, ...given }) => {
      const year = new Date(given.at).getUTCFullYear();
      const row = await database.write(
        function* () {
          const known = yield* first(table.byKey, { key });
          if (known !== undefined) return known;
          const counted = yield* first(table.countUp, { bot, year });
          const number = counted?.last ?? 1;
          const sealed = sealing.seal(table.WORDS, { bot, year, number }, words);
          yield* run(table.insert, { bot, year, number, key, ...given, words: sealed });
          return yield* first(table.byKey, { key });
        },
        { lock: `complaints:${bot}` },
      );
      if (row === undefined) throw new Error(`The complaint of ${key} was recorded and is not there`);
      return await sealing.reading(async () => complaintOf(sealing, row));
    },
    list: async (limit) => await read(async () => await database.all(table.newest, { limit })),
    find: async (number) => {
      const [, year, count] = /^C-(\d{4})-(\d{1,9})$/iu.exec(number.trim()) ?? [];
      if (year === undefined || count === undefined) return [];
      const wanted = { year: Number(year), number: Number(count) };
      return await read(async () => await database.all(table.numbered, wanted));
    },
    of: async (bot, person) => (await read(async () => await database.all(table.ofPerson, { bot, person }))).map(plain),
    forget: async (bot, person) => {
      await database.change(table.erase, { bot, person });
      await database.scrub();
    },
    close: database.close,
  };
}

const plain = (complaint: Complaint): Json => ({ ...complaint });

function complaintOf(sealing: Sealing, { year, number, ...complaint }: table.Row): Complaint {
  const { bot, at, person, conversation, words } = complaint;
  return {
    number: `C-${year}-${String(number).padStart(6, "0")}`,
    bot,
    at,
    ...(person !== undefined && { person }),
    ...(conversation !== undefined && { conversation }),
    ...(words !== undefined && { words: sealing.open(table.WORDS, { bot, year, number }, words) }),
  };
}
