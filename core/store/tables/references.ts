/** By what a turn is found besides its event's id: messages of the platform and further events. */
import { z } from "zod";
import type { Work } from "../sql/database.ts";
import { run } from "../sql/work.ts";
import { query } from "./schema.ts";

const insert = query<{ message: string; event: string }>()("message_references", z.unknown(), ({ db, value }) =>
  db
    .insertInto("message_references")
    .values({ message: value("message"), event: value("event") })
    .onConflict((conflict) => conflict.doNothing()),
);
const remove = query<{ message: string; event: string }>()("message_references", z.unknown(), ({ db, value }) =>
  db.deleteFrom("message_references").where("message", "=", value("message")).where("event", "=", value("event")),
);

/** Lets the event be found by these. */
export function* refer(event: string, messages: Iterable<string>): Work<void> {
  for (const message of messages) yield* run(insert, { message, event });
}

/** The event is no longer found by these. */
export function* forgetReferences(event: string, messages: Iterable<string>): Work<void> {
  for (const message of messages) yield* run(remove, { message, event });
}
