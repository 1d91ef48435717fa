/** Which account of a provider is which user: one of each provider. */
import { z } from "zod";
import type { Database } from "../../../core/store/sql/database.ts";
import { query } from "./schema.ts";

interface ProviderAccount {
  readonly issuer: string;
  /** Never given to anybody else, as a mail address may be. */
  readonly subject: string;
}

export interface Links {
  readonly userOf: (account: ProviderAccount) => Promise<string | undefined>;
  /** False where the user has another account of the provider, or the account another user. */
  readonly add: (account: ProviderAccount, user: { readonly id: string; readonly now: number }) => Promise<boolean>;
}

const userOf = query<{ issuer: string; subject: string }>()(
  "identity_links",
  z.object({ userId: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("identity_links")
      .select("userId")
      .where("issuer", "=", value("issuer"))
      .where("subject", "=", value("subject")),
);
const add = query<{ issuer: string; subject: string; userId: string; now: number }>()(
  "identity_links",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("identity_links")
      .values({ issuer: value("issuer"), subject: value("subject"), userId: value("userId"), linkedAt: value("now") })
      .onConflict((conflict) => conflict.doNothing()),
);

/** The links of an installation. */
export function createLinks(database: Database): Links {
  return {
    userOf: async ({ issuer, subject }) => (await database.first(userOf, { issuer, subject }))?.userId,
    add: async ({ issuer, subject }, { id, now }) =>
      (await database.change(add, { issuer, subject, userId: id, now })) > 0,
  };
}
