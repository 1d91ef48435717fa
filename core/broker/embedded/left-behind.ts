import { existsSync } from "node:fs";
import { z } from "zod";
import { openSqlite } from "../../store/sqlite/driver.ts";

const Counts = z.object({ waiting: z.number(), outbox: z.number(), dead: z.number() });

/** What lies in the file of a broker that nothing runs on: the file stays as it is. Zero where there is no file. */
export function leftBehind(path: string): z.infer<typeof Counts> {
  if (!existsSync(path)) return { waiting: 0, outbox: 0, dead: 0 };
  const database = openSqlite(path, { readonly: true, fileMustExist: true });
  try {
    const row = database
      .prepare(
        `SELECT (SELECT coalesce(sum(waiting), 0) FROM conversations WHERE due IS NOT NULL) AS waiting,
           (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM dead) AS dead`,
      )
      .get();
    return Counts.parse(row);
  } finally {
    database.close();
  }
}
