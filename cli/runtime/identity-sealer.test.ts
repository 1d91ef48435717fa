import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOTP, URI } from "otpauth";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { envelopesOf } from "../../core/privacy/sealing/envelope.ts";
import { resealColumn, SETTLE_MS } from "../../core/privacy/sealing/resealing.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { testClock, testEnvironment } from "../../core/testing/index.ts";
import { openIdentity, openKeyRing } from "../../gateway/identity/index.ts";
import { Bytes, identityTables, query } from "../../gateway/identity/store/schema.ts";
import { testEngines } from "../../test/support/engines.ts";
import { addUser } from "../../test/support/test-identity.ts";
import { identitySealer } from "./identity-sealer.ts";

const secrets = query()("identity_totp", z.object({ sealed: Bytes }), ({ db }) =>
  db.selectFrom("identity_totp").select("secret as sealed"),
);
const contacts = query()("identity_users", z.object({ sealed: Bytes }), ({ db }) =>
  db.selectFrom("identity_users").select("contact as sealed"),
);
const payloads = query()("identity_one_use", z.object({ sealed: Bytes }), ({ db }) =>
  db.selectFrom("identity_one_use").select("payload as sealed").where("payload", "is not", null),
);

describe.each(testEngines())("identities on $name", ({ place }) => {
  it("are sealed again under a new key, and go on as they were", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-identity-sealer-"));
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    const databases = await (await place(folder)).open();
    onTestFinished(databases.close);
    const { sealing } = databases;
    await sealing.ready();
    const clock = testClock();
    const codes: string[] = [];
    const identity = await openIdentity({
      databases,
      keys: await openKeyRing(directoryFiles(folder)),
      sealer: identitySealer(sealing),
      environment: testEnvironment(clock),
      log: silentTelemetry.log,
      name: "Parley",
      sendCode: async ({ code }) => void codes.push(code),
      notify: async () => {},
    });
    onTestFinished(identity.close);
    const { totps, codes: contact } = identity;
    const id = await addUser(identity, "ruth");
    const app = URI.parse((await totps.enrol({ id, login: "ruth" })).uri);
    if (!(app instanceof TOTP)) throw new Error("The address is of no authenticator app");
    const show = (): string => app.generate({ timestamp: clock.now });
    await totps.confirm(id, show(), clock.now);
    const address = { kind: "mail", address: "ruth@example.org" } as const;
    const first = await contact?.enrol(id, address);
    await contact?.confirm(id, first ?? "", codes[0] ?? "");
    await contact?.send(id);

    await sealing.rotate();
    const database = databases.open(identityTables.file);
    onTestFinished(database.close);
    const later = (): number => sealing.active().activeSince + SETTLE_MS;
    for (const column of identityTables.sealed ?? [])
      expect(await resealColumn(database, column, { sealing, clock: later })).toMatchObject({
        sealed: 1,
        unreadable: 0,
      });
    const begins = envelopesOf(sealing.active().active);
    for (const every of [secrets, contacts, payloads])
      for (const { sealed } of await database.all(every, {}))
        expect(Buffer.from(sealed).toString("utf8").startsWith(begins)).toBe(true);

    clock.now += 60_000;
    expect(await totps.use(id, show(), clock.now)).toBe(true);
    expect(await contact?.contactOf(id)).toEqual(address);
  });
});
