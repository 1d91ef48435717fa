import { type Expression, sql } from "kysely";
import { z } from "zod";
import { ConversationId } from "../../conversation-id.ts";
import type { Sealing } from "../../privacy/sealing/index.ts";
import type { Database } from "../sql/database.ts";
import { first, run } from "../sql/work.ts";
import { type Control, type Controls, HandOverCause } from "../store.ts";
import { NOTE, query } from "./schema.ts";

const Mute = z
  .object({ kind: z.literal("muted"), until: z.string().optional(), by: z.string() })
  .transform(({ kind, until, by }) => ({ kind, until, by }));
const HandOver = z
  .object({
    kind: z.literal("handed-over"),
    since: z.string(),
    until: z.string().optional(),
    cause: HandOverCause,
    by: z.string(),
    note: z.string().optional(),
    told: z.string().optional(),
  })
  .transform(({ kind, since, until, cause, by, note, told }) => ({ kind, since, until, cause, by, note, told }));
const HandedOver = z
  .object({ conversation: ConversationId, bot: z.string().optional() })
  .loose()
  .transform((row) => ({ conversation: row.conversation, bot: row.bot, ...HandOver.parse(row) }));

const columns = ["kind", "until", "set_by as by", "since", "cause", "note", "told"] as const;

const mute = query<{ conversation: string; until: string | null; by: string }>()(
  "controls",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("controls")
      .values({ conversation: value("conversation"), kind: "muted", until: value("until"), set_by: value("by") })
      .onConflict((conflict) =>
        conflict.column("conversation").doUpdateSet(({ ref }) => ({
          kind: ref("excluded.kind"),
          until: ref("excluded.until"),
          set_by: ref("excluded.set_by"),
        })),
      ),
);
type Begun = {
  readonly conversation: string;
  readonly until: string | null;
  readonly by: string;
  readonly since: string;
  readonly cause: string;
  readonly note: string | null;
  readonly told: string | null;
};
/** One that stands keeps when, why and by whom it began. */
const begin = query<Begun & { readonly now: string }>()("controls", z.unknown(), ({ db, value }) =>
  db
    .insertInto("controls")
    .values({
      conversation: value("conversation"),
      kind: "handed-over",
      until: value("until"),
      set_by: value("by"),
      since: value("since"),
      cause: value("cause"),
      note: value("note"),
      told: value("told"),
    })
    .onConflict((conflict) =>
      conflict
        .column("conversation")
        .doUpdateSet(({ ref }) => ({
          kind: ref("excluded.kind"),
          until: ref("excluded.until"),
          set_by: ref("excluded.set_by"),
          since: ref("excluded.since"),
          cause: ref("excluded.cause"),
          note: ref("excluded.note"),
          told: ref("excluded.told"),
        }))
        .where(({ eb, or }) =>
          or([eb("controls.kind", "<>", "handed-over"), eb("controls.until", "<=", value("now"))]),
        ),
    ),
);
const lengthen = query<{ conversation: string; until: string | null }>()("controls", z.unknown(), ({ db, value }) =>
  db
    .updateTable("controls")
    .set({ until: value("until") })
    .where("conversation", "=", value("conversation"))
    .where("kind", "=", "handed-over")
    .where("until", "<", value("until")),
);
const alter = query<{ conversation: string; until: string | null; note: string | null; told: string | null }>()(
  "controls",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("controls")
      .set(({ fn, ref }) => ({
        until: fn.coalesce(value("until"), ref("until")),
        note: fn.coalesce(value("note"), ref("note")),
        told: fn.coalesce(value("told"), ref("told")),
      }))
      .where("conversation", "=", value("conversation"))
      .where("kind", "=", "handed-over"),
);

/** Whether a conversation is muted or handed over at a time. */
export const isControlled = (conversation: Expression<string>, now: Expression<string>) => sql<boolean>`
  EXISTS (SELECT 1 FROM controls WHERE conversation = ${conversation} AND (until IS NULL OR until > ${now}))`;

const get = query<{ conversation: string; now: string }>()("controls", z.union([Mute, HandOver]), ({ db, value }) =>
  db
    .selectFrom("controls")
    .select([...columns])
    .where("conversation", "=", value("conversation"))
    .where(({ eb, or }) => or([eb("until", "is", null), eb("until", ">", value("now"))])),
);
const standing = query<{ conversation: string }>()("controls", HandOver, ({ db, value }) =>
  db
    .selectFrom("controls")
    .select([...columns])
    .where("conversation", "=", value("conversation")),
);
const handedOver = query<{ now: string }>()("controls", HandedOver, ({ db, value }) =>
  db
    .selectFrom("controls")
    .leftJoin("conversations", "conversations.id", "controls.conversation")
    .select(["controls.conversation", "conversations.bot", ...columns])
    .where("kind", "=", "handed-over")
    .where(({ eb, or }) => or([eb("until", "is", null), eb("until", ">", value("now"))]))
    .orderBy("since"),
);
const giveBack = query<{ conversation: string }>()("controls", z.unknown(), ({ db, value }) =>
  db.deleteFrom("controls").where("conversation", "=", value("conversation")).where("kind", "=", "handed-over"),
);
export const clearControl = query<{ conversation: string }>()("controls", z.unknown(), ({ db, value }) =>
  db.deleteFrom("controls").where("conversation", "=", value("conversation")),
);

/** Mute and hand-over. */
export function createControls(database: Database, sealing: Sealing): Controls {
  const sealed = (conversation: string, note: string | undefined): string | null =>
    note === undefined ? null : sealing.seal(NOTE, { conversation }, note);
  const opened = <Found extends Control>(conversation: string, found: Found): Found =>
    found.kind === "muted" || found.note === undefined
      ? found
      : { ...found, note: sealing.open(NOTE, { conversation }, found.note) };
  return {
    mute: async (conversation, { until = null, by }) => void (await database.change(mute, { conversation, until, by })),
    handOver: async (conversation, { until = null, note: text, told = null, since, cause, by }, now) => {
      const note = sealed(conversation, text);
      const begun = { conversation, until, by, since, cause, note, told, now };
      return await sealing.reading(
        async () =>
          await database.write(
            function* () {
              yield* run(begin, begun);
              yield* run(lengthen, { conversation, until });
              const found = yield* first(standing, { conversation });
              if (found === undefined) throw new Error(`${conversation} was handed over and is not`);
              return opened(conversation, found);
            },
            { lock: `controls:${conversation}` },
          ),
      );
    },
    change: async (conversation, { until = null, note, told = null }) =>
      (await database.change(alter, { conversation, until, note: sealed(conversation, note), told })) > 0,
    get: async (conversation, now) =>
      await sealing.reading(async () => {
        const found = await database.first(get, { conversation, now });
        return found && opened(conversation, found);
      }),
    handedOver: async (now) =>
      await sealing.reading(async () =>
        (await database.all(handedOver, { now })).map((found) => opened(found.conversation, found)),
      ),
    giveBack: async (conversation) => (await database.change(giveBack, { conversation })) > 0,
  };
}
