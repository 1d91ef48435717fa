/** Forgetting: rows go, and so does what the engine keeps of deleted rows. */
import { sql } from "kysely";
import { z } from "zod";
import { AccountId, ConversationId } from "../../conversation-id.ts";
import { personId } from "../person-id.ts";
import type { Database, Work } from "../sql/database.ts";
import { all, first, run } from "../sql/work.ts";
import type { Erasure, ErasureScope } from "../store.ts";
import { clearControl } from "./controls.ts";
import { endConversation, removeUsers } from "./conversations.ts";
import { deliveryColumns, DeliveryRow, isOfEvent, removeDelivery, sentMessages } from "./deliveries.ts";
import { currentPerson } from "./joined-facts.ts";
import { forgetConversation, forgetPerson } from "./memory.ts";
import { removeCode } from "./people-links.ts";
import { forgetReferences } from "./references.ts";
import { query } from "./schema.ts";
import { BodyUser } from "./stored-turn.ts";
import { removeParts, WholeTurn, wholeColumns } from "./stale-turns.ts";
import type { TurnCache } from "./turn-cache.ts";

/** Turns that are taken apart at once. */
const STEP = 500;

const ownerOf = query<{ id: string }>()(
  "conversations",
  z.object({ bot: z.string(), account: AccountId, chatType: z.enum(["direct", "group"]) }),
  ({ db, value }) =>
    db.selectFrom("conversations").select(["bot", "account", "chat_type as chatType"]).where("id", "=", value("id")),
);
const usersOf = query<{ conversation: string }>()(
  "conversation_users",
  z.object({ userId: z.string() }),
  ({ db, value }) =>
    db.selectFrom("conversation_users").select("user_id as userId").where("conversation", "=", value("conversation")),
);
const conversationsOf = (chatType: "direct" | "group") =>
  query<{ person: string; bot: string }>()(
    "conversations",
    z.object({ conversation: ConversationId, userId: z.string() }),
    ({ db, value }) =>
      db
        .selectFrom("identities")
        .innerJoin("conversation_users", "conversation_users.user_id", "identities.user_id")
        .innerJoin("conversations", (join) =>
          join
            .onRef("conversations.id", "=", "conversation_users.conversation")
            .onRef("conversations.account", "=", "identities.account"),
        )
        .select(["conversations.id as conversation", "identities.user_id as userId"])
        .where("identities.person", "=", value("person"))
        .where("conversations.bot", "=", value("bot"))
        .where("conversations.chat_type", "=", chatType),
  );
const directOnes = conversationsOf("direct");
const groupsOf = conversationsOf("group");
const homesOf = query<{ person: string }>()("identities", z.object({ home: z.string() }), ({ db, value }) =>
  db.selectFrom("identities").select("home").where("person", "=", value("person")),
);
const removeUser = query<{ conversation: string; userId: string }>()(
  "conversation_users",
  z.unknown(),
  ({ db, value }) =>
    db
      .deleteFrom("conversation_users")
      .where("conversation", "=", value("conversation"))
      .where("user_id", "=", value("userId")),
);
const keepFile = query<{ spoolKey: string; conversation: string; at: string }>()(
  "conversation_files",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("conversation_files")
      .values({ spool_key: value("spoolKey"), conversation: value("conversation"), at: value("at") })
      .onConflict((conflict) =>
        conflict.columns(["spool_key", "conversation"]).doUpdateSet(({ ref }) => ({ at: ref("excluded.at") })),
      ),
);
const File = z.object({ spoolKey: z.string() });
const filesOf = query<{ conversation: string }>()("conversation_files", File, ({ db, value }) =>
  db
    .deleteFrom("conversation_files")
    .where("conversation", "=", value("conversation"))
    .returning("spool_key as spoolKey"),
);
const listFiles = query<{ conversation: string }>()("conversation_files", File, ({ db, value }) =>
  db
    .selectFrom("conversation_files")
    .select("spool_key as spoolKey")
    .where("conversation", "=", value("conversation"))
    .orderBy("spool_key"),
);
const usersOfFile = query<{ spoolKey: string }>()("conversation_files", File, ({ db, value }) =>
  db
    .selectFrom("conversation_files")
    .select("spool_key as spoolKey")
    .where("spool_key", "=", value("spoolKey"))
    .limit(sql.lit(1)),
);
/** With who wrote, where something was said. */
const OwnedTurn = WholeTurn.extend({ user: BodyUser.optional() });
const turnsOf = query<{ conversation: string; after: number }>()("turns", OwnedTurn, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...wholeColumns, "body as user"])
    .where("conversation", "=", value("conversation"))
    .where("id", ">", value("after"))
    .orderBy("id")
    .limit(sql.lit(STEP)),
);
const deliveriesOf = query<{ conversation: string; after: number; last: number }>()(
  "deliveries",
  DeliveryRow,
  ({ db, value }) =>
    db
      .selectFrom("turns")
      .innerJoin("deliveries", (join) => join.on(isOfEvent(sql.ref("turns.event_id"))))
      .select([...deliveryColumns])
      .where("turns.conversation", "=", value("conversation"))
      .where("turns.id", ">", value("after"))
      .where("turns.id", "<=", value("last")),
);

/** Erases by conversation and person. */
export function createErasure(database: Database, turns: Pick<TurnCache, "clear">): Erasure {
  return {
    scope: async (conversation) => await database.read(() => scopeOf(conversation)),
    scopeOfPerson: async (person, bot) => await database.read(() => scopeOfPerson(person, bot)),
    files: async (conversation) => (await database.all(listFiles, { conversation })).map(({ spoolKey }) => spoolKey),
    erase: async (scope) => {
      const files = await database.write(() => erase(scope), { lock: "erasure" });
      turns.clear();
      await database.scrub();
      return { files };
    },
    keepFile: async (conversation, spoolKey, at) =>
      void (await database.change(keepFile, { conversation, spoolKey, at })),
  };
}

function* scopeOf(conversation: ConversationId): Work<ErasureScope | undefined> {
  const owner = yield* first(ownerOf, { id: conversation });
  if (owner === undefined) return undefined;
  const { bot, account, chatType } = owner;
  if (chatType === "group") return { bot, persons: [], conversations: [conversation] };
  const persons = new Set<string>();
  for (const { userId } of yield* all(usersOf, { conversation })) {
    persons.add(yield* currentPerson(personId(account, userId)));
  }
  const conversations = new Set([conversation]);
  for (const person of persons) {
    for (const direct of yield* all(directOnes, { person, bot })) conversations.add(direct.conversation);
  }
  return { bot, persons: [...persons], conversations: [...conversations] };
}

/** What each platform's user brought lies under its own id, what was learned since under that of all. */
function* scopeOfPerson(person: string, bot: string): Work<Required<ErasureScope>> {
  const homes = yield* all(homesOf, { person });
  const direct = yield* all(directOnes, { person, bot });
  const groups = yield* all(groupsOf, { person, bot });
  const persons = [...new Set([person, ...homes.map(({ home }) => home)])];
  return { bot, persons, conversations: [...new Set(direct.map((one) => one.conversation))], groups };
}

/** Gives the files that are no one's any more. */
function* erase({ bot, persons, conversations, groups = [] }: ErasureScope): Work<readonly string[]> {
  const files = new Set<string>();
  for (const conversation of conversations) {
    for (const { spoolKey } of yield* all(filesOf, { conversation })) files.add(spoolKey);
    yield* eraseTurns(conversation);
    yield* run(forgetConversation, { conversation, key: null });
    yield* run(clearControl, { conversation });
    yield* run(removeUsers, { conversation });
    yield* run(endConversation, { id: conversation });
  }
  for (const { conversation, userId } of groups) {
    yield* eraseTurns(conversation, userId);
    yield* run(removeUser, { conversation, userId });
  }
  for (const person of persons) {
    yield* run(forgetPerson, { person, bot, key: null });
    yield* run(removeCode, { person });
  }
  const unused: string[] = [];
  for (const spoolKey of files) {
    if ((yield* first(usersOfFile, { spoolKey })) === undefined) unused.push(spoolKey);
  }
  return unused;
}

/** All of them, or those of one user. */
function* eraseTurns(conversation: ConversationId, userId?: string): Work<void> {
  for (let after = 0; ;) {
    const turns = yield* all(turnsOf, { conversation, after });
    const last = turns.at(-1)?.id;
    if (last === undefined) return;
    const gone = turns.filter(({ user }) => userId === undefined || user === userId);
    const events = new Set(gone.map(({ eventId }) => eventId));
    for (const delivery of yield* all(deliveriesOf, { conversation, after, last })) {
      if (!events.has(delivery.eventId)) continue;
      yield* forgetReferences(delivery.eventId, sentMessages(delivery));
      yield* run(removeDelivery, { id: delivery.id });
    }
    for (const turn of gone) yield* removeParts(turn, { body: true, trace: true });
    after = last;
  }
}
