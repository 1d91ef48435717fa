/** Proposals of all conversations, for whoever looks after the bots: what they were about is left out. */
import { sql } from "kysely";
import { z } from "zod";
import type { Database } from "../../core/store/sql/database.ts";
import { query, TABLE } from "./proposal-module.ts";
import { ProposalRecord } from "./proposal-record.ts";

const Row = ProposalRecord.pick({
  id: true,
  bot: true,
  conversation: true,
  tool: true,
  risk: true,
  status: true,
  createdAt: true,
  decidedAt: true,
}).extend({ number: z.int() });
type Row = z.output<typeof Row>;
const Count = z.object({ bot: z.string(), tool: z.string(), status: z.string(), count: z.coerce.number() });

/** An empty text stands for all of them. */
const page = query<{ bot: string; tool: string; status: string; before: number; limit: number }>()(
  TABLE,
  Row,
  ({ db, value }) =>
    db
      .selectFrom(TABLE)
      .select(["number", "id", "bot", "conversation", "tool", "risk", "status", "createdAt", "decidedAt"])
      .where(sql<boolean>`(${value("bot")} = '' OR ${sql.ref("bot")} = ${value("bot")})`)
      .where(sql<boolean>`(${value("tool")} = '' OR ${sql.ref("tool")} = ${value("tool")})`)
      .where(sql<boolean>`(${value("status")} = '' OR ${sql.ref("status")} = ${value("status")})`)
      .where("number", "<", value("before"))
      .orderBy("number", "desc")
      .limit(value("limit")),
);
const counts = query()(TABLE, Count, ({ db }) =>
  db
    .selectFrom(TABLE)
    .select(["bot", "tool", "status"])
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .groupBy(["bot", "tool", "status"]),
);

export interface ActionFilter {
  readonly bot?: string | undefined;
  readonly tool?: string | undefined;
  readonly status?: string | undefined;
  /** The `number` of the last one of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export type ActionHistory = ReturnType<typeof createActionHistory>;

/** The history in a database that was migrated. */
export function createActionHistory(database: Database) {
  return {
    /** Newest first. */
    page: async ({ bot = "", tool = "", status = "", before, limit }: ActionFilter): Promise<readonly Row[]> =>
      await database.all(page, { bot, tool, status, before: before ?? Number.MAX_SAFE_INTEGER, limit }),
    counts: async () => await database.all(counts, {}),
  };
}
