/** Second factors: TOTP secrets (sealed), recovery codes (hashed), passkeys (public keys). */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { change, run } from "../../../core/store/sql/work.ts";
import { jsonText } from "../../../core/store/rows.ts";
import { Bytes, query } from "./schema.ts";

const Totp = z.object({ secret: Bytes, confirmedAt: z.number().optional(), lastStep: z.number() });
export type Totp = z.infer<typeof Totp>;

const Passkey = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  publicKey: Bytes,
  counter: z.number(),
  transports: jsonText(z.array(z.string())),
  createdAt: z.number(),
  lastUsedAt: z.number().optional(),
});
export type Passkey = z.infer<typeof Passkey>;

export interface Factors {
  /** Keeps a secret that is not confirmed yet, in the place of another such; false where one is confirmed. */
  readonly enrolTotp: (userId: string, secret: Uint8Array) => Promise<boolean>;
  readonly totp: (userId: string) => Promise<Totp | undefined>;
  /** From now on it is asked for; with the hashes of recovery codes. False where it was confirmed already. */
  readonly confirmTotp: (
    userId: string,
    confirmation: { readonly step: number; readonly now: number; readonly recovery: readonly string[] },
  ) => Promise<boolean>;
  /** Uses a time step up, once: one before it or the same again is refused. */
  readonly useTotpStep: (userId: string, step: number) => Promise<boolean>;
  /** With its recovery codes. */
  readonly removeTotp: (userId: string) => Promise<boolean>;
  readonly replaceRecoveryCodes: (userId: string, hashes: readonly string[]) => Promise<void>;
  /** Uses a code up: of any number of calls, one gets it. */
  readonly useRecoveryCode: (userId: string, hash: string) => Promise<boolean>;
  readonly recoveryCodesLeft: (userId: string) => Promise<number>;
  /** Throws `identity/passkey-known`. */
  readonly addPasskey: (passkey: Omit<Passkey, "lastUsedAt">) => Promise<void>;
  readonly passkey: (id: string) => Promise<Passkey | undefined>;
  readonly passkeys: (userId: string) => Promise<readonly Passkey[]>;
  /** Notes its use, unless another use came between. */
  readonly usePasskey: (
    id: string,
    use: { readonly from: number; readonly to: number; readonly now: number },
  ) => Promise<boolean>;
  readonly removePasskey: (userId: string, id: string) => Promise<boolean>;
}

const enrol = query<{ userId: string; secret: Uint8Array }>()("identity_totp", z.unknown(), ({ db, value }) =>
  db
    .insertInto("identity_totp")
    .values({ userId: value("userId"), secret: value("secret"), confirmedAt: null, lastStep: -1 })
    .onConflict((conflict) =>
      conflict
        .column("userId")
        .doUpdateSet((row) => ({ secret: row.ref("excluded.secret"), lastStep: -1 }))
        .where("identity_totp.confirmedAt", "is", null),
    ),
);
const findTotp = query<{ userId: string }>()("identity_totp", Totp, ({ db, value }) =>
  db.selectFrom("identity_totp").select(["secret", "confirmedAt", "lastStep"]).where("userId", "=", value("userId")),
);
const confirm = query<{ userId: string; now: number; step: number }>()("identity_totp", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_totp")
    .set({ confirmedAt: value("now"), lastStep: value("step") })
    .where("userId", "=", value("userId"))
    .where("confirmedAt", "is", null),
);
const useStep = query<{ userId: string; step: number }>()("identity_totp", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_totp")
    .set({ lastStep: value("step") })
    .where("userId", "=", value("userId"))
    .where("confirmedAt", "is not", null)
    .where("lastStep", "<", value("step")),
);
const removeTotp = query<{ userId: string }>()("identity_totp", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_totp").where("userId", "=", value("userId")),
);
const addCode = query<{ userId: string; hash: string }>()("identity_recovery_codes", z.unknown(), ({ db, value }) =>
  db.insertInto("identity_recovery_codes").values({ userId: value("userId"), hash: value("hash") }),
);
const useCode = query<{ userId: string; hash: string }>()("identity_recovery_codes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_recovery_codes").where("userId", "=", value("userId")).where("hash", "=", value("hash")),
);
const removeCodes = query<{ userId: string }>()("identity_recovery_codes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_recovery_codes").where("userId", "=", value("userId")),
);
const codes = query<{ userId: string }>()("identity_recovery_codes", z.object({ hash: z.string() }), ({ db, value }) =>
  db.selectFrom("identity_recovery_codes").select("hash").where("userId", "=", value("userId")),
);
const addPasskey = query<{
  id: string;
  userId: string;
  name: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string;
  createdAt: number;
}>()("identity_passkeys", z.unknown(), ({ db, value }) =>
  db
    .insertInto("identity_passkeys")
    .values({
      id: value("id"),
      userId: value("userId"),
      name: value("name"),
      publicKey: value("publicKey"),
      counter: value("counter"),
      transports: value("transports"),
      createdAt: value("createdAt"),
      lastUsedAt: null,
    })
    .onConflict((conflict) => conflict.column("id").doNothing()),
);
const findPasskey = query<{ id: string }>()("identity_passkeys", Passkey, ({ db, value }) =>
  db.selectFrom("identity_passkeys").selectAll().where("id", "=", value("id")),
);
const passkeysOf = query<{ userId: string }>()("identity_passkeys", Passkey, ({ db, value }) =>
  db
    .selectFrom("identity_passkeys")
    .selectAll()
    .where("userId", "=", value("userId"))
    .orderBy("createdAt")
    .orderBy("id"),
);
const usePasskey = query<{ id: string; from: number; to: number; now: number }>()(
  "identity_passkeys",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_passkeys")
      .set({ counter: value("to"), lastUsedAt: value("now") })
      .where("id", "=", value("id"))
      .where("counter", "=", value("from")),
);
const removePasskey = query<{ userId: string; id: string }>()("identity_passkeys", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_passkeys").where("userId", "=", value("userId")).where("id", "=", value("id")),
);

/** The second factors of all users. */
export function createFactors(database: Database): Factors {
  return {
    enrolTotp: async (userId, secret) => (await database.change(enrol, { userId, secret })) > 0,
    totp: async (userId) => await database.first(findTotp, { userId }),
    confirmTotp: async (userId, { step, now, recovery }) =>
      await database.write(
        function* () {
          if ((yield* change(confirm, { userId, now, step })) === 0) return false;
          yield* run(removeCodes, { userId });
          for (const hash of recovery) yield* run(addCode, { userId, hash });
          return true;
        },
        { lock: `identity:codes:${userId}` },
      ),
    useTotpStep: async (userId, step) => (await database.change(useStep, { userId, step })) > 0,
    removeTotp: async (userId) =>
      await database.write(
        function* () {
          yield* run(removeCodes, { userId });
          return (yield* change(removeTotp, { userId })) > 0;
        },
        { lock: `identity:codes:${userId}` },
      ),
    replaceRecoveryCodes: async (userId, hashes) =>
      await database.write(
        function* () {
          yield* run(removeCodes, { userId });
          for (const hash of hashes) yield* run(addCode, { userId, hash });
        },
        { lock: `identity:codes:${userId}` },
      ),
    useRecoveryCode: async (userId, hash) => (await database.change(useCode, { userId, hash })) > 0,
    recoveryCodesLeft: async (userId) => (await database.all(codes, { userId })).length,
    addPasskey: async ({ transports, ...passkey }) => {
      const made = await database.change(addPasskey, { ...passkey, transports: JSON.stringify(transports) });
      if (made > 0) return;
      throw new ParleyError("identity/passkey-known", "This passkey is registered already. Log in with it.", {
        status: 409,
      });
    },
    passkey: async (id) => await database.first(findPasskey, { id }),
    passkeys: async (userId) => await database.all(passkeysOf, { userId }),
    usePasskey: async (id, { from, to, now }) => (await database.change(usePasskey, { id, from, to, now })) > 0,
    removePasskey: async (userId, id) => (await database.change(removePasskey, { userId, id })) > 0,
  };
}
