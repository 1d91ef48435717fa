/** What was done under a key, so that it is done once, and is told again to whoever repeats it. */
import { z } from "zod";
import { jsonText } from "../../../core/store/rows.ts";
import type { Work } from "../../../core/store/sql/database.ts";
import { first, run } from "../../../core/store/sql/work.ts";
import { sameRequest } from "../ledger/ledger.ts";
import { bankQuery } from "../ledger/tables.ts";
import type { Idempotency } from "../port.ts";

const Change = z.object({ request: z.string(), result: jsonText(z.unknown()) });
const changeWithKey = bankQuery<{ key: string }>()("bank_changes", Change, ({ db, value }) =>
  db.selectFrom("bank_changes").select(["request", "result"]).where("key", "=", value("key")),
);
const insertChange = bankQuery<{ key: string; request: string; customer: string; at: number; result: string }>()(
  "bank_changes",
  z.unknown(),
  ({ db, value }) =>
    db.insertInto("bank_changes").values({
      key: value("key"),
      request: value("request"),
      customer: value("customer"),
      at: value("at"),
      result: value("result"),
    }),
);

/** Whose change it is, under which key, and what a result of it looks like. */
export interface Changing<Result> extends Idempotency {
  readonly customer: string;
  readonly now: number;
  readonly result: z.ZodType<Result>;
}

/** What was done under the key. Throws `bank/idempotency-conflict`. */
export function* doneUnder<Result>({ key, request }: Idempotency, result: z.ZodType<Result>): Work<Result | undefined> {
  const done = yield* first(changeWithKey, { key });
  return done === undefined ? undefined : result.parse(sameRequest(done, request).result);
}

/** Does the work under a new key, else gives what it gave then. Throws `bank/idempotency-conflict`. */
export function* once<Result>(changing: Changing<Result>, work: () => Work<Result>): Work<Result> {
  const { customer, key, request, now: at } = changing;
  const done = yield* doneUnder(changing, changing.result);
  if (done !== undefined) return done;
  const result = yield* work();
  yield* run(insertChange, { key, request, customer, at, result: JSON.stringify(result) });
  return result;
}
