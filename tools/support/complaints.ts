/** Complaints with a number, which people and admins find them by. */
import type { ConversationId } from "../../core/conversation-id.ts";
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
  /** Erases whose complaints they were and what was written; the numbers stay. */
  readonly forget: (bot: string, person: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens those of the installation. */
export async function openComplaints(databases: Databases): Promise<Complaints> {
  const { file, modules } = table.complaintTables;
  const database = databases.open(file);
  try {
    for (const module of modules) await database.migrate(module);
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  return {
    record: async ({ bot, key, ...given }) => {
      const year = new Date(given.at).getUTCFullYear();
      const row = await database.write(
        function* () {
          const known = yield* first(table.byKey, { key });
          if (known !== undefined) return known;
          const counted = yield* first(table.countUp, { bot, year });
          const number = counted?.last ?? 1;
          yield* run(table.insert, { bot, year, number, key, ...given });
          return yield* first(table.byKey, { key });
        },
        { lock: `complaints:${bot}` },
      );
      if (row === undefined) throw new Error(`The complaint of ${key} was recorded and is not there`);
      return complaintOf(row);
    },
    list: async (limit) => (await database.all(table.newest, { limit })).map(complaintOf),
    find: async (number) => {
      const [, year, count] = /^C-(\d{4})-(\d{1,9})$/iu.exec(number.trim()) ?? [];
      if (year === undefined || count === undefined) return [];
      return (await database.all(table.numbered, { year: Number(year), number: Number(count) })).map(complaintOf);
    },
    forget: async (bot, person) => {
      await database.change(table.erase, { bot, person });
      await database.scrub();
    },
    close: database.close,
  };
}

function complaintOf({ year, number, ...complaint }: table.Row): Complaint {
  const { bot, at, person, conversation, words } = complaint;
  return {
    number: `C-${year}-${String(number).padStart(6, "0")}`,
    bot,
    at,
    ...(person !== undefined && { person }),
    ...(conversation !== undefined && { conversation }),
    ...(words !== undefined && { words }),
  };
}
