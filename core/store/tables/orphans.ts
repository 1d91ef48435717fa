/** Platform users that nothing refers to any more: no conversation, no link, no facts, no code. */
import { sql } from "kysely";
import { z } from "zod";
import type { Database } from "../sql/database.ts";
import { query } from "./schema.ts";

const stretch = query<{ after: string; size: number }>()(
  "identities",
  z.object({ last: z.string().optional() }),
  ({ db, value }) =>
    db
      .selectFrom((inner) =>
        inner
          .selectFrom("identities")
          .select("home")
          .where("home", ">", value("after"))
          .orderBy("home")
          .limit(value("size"))
          .as("stretch"),
      )
      .select(sql<string>`max(home)`.as("last")),
);
const remove = query<{ after: string; last: string }>()("identities", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("identities")
    .where("home", ">", value("after"))
    .where("home", "<=", value("last"))
    .whereRef("person", "=", "home")
    .where(
      sql<boolean>`
        NOT EXISTS (SELECT 1 FROM identities AS others WHERE others.person = identities.home AND others.home <> identities.home)
        AND NOT EXISTS (SELECT 1 FROM facts WHERE scope = 'person' AND owner = identities.home)
        AND NOT EXISTS (SELECT 1 FROM link_codes WHERE link_codes.person = identities.home)
        AND NOT EXISTS (
          SELECT 1 FROM conversation_users JOIN conversations ON conversations.id = conversation_users.conversation
          WHERE conversation_users.user_id = identities.user_id AND conversations.account = identities.account)`,
    ),
);

/** Walks along all of them, a stretch at a time, so that others write in between; gives how many went. */
export async function removeOrphans(database: Database, size: number): Promise<number> {
  let gone = 0;
  for (let after = ""; ;) {
    const last = (await database.first(stretch, { after, size }))?.last;
    if (last === undefined) return gone;
    gone += await database.change(remove, { after, last });
    after = last;
  }
}
