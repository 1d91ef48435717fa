import { describe, expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { type Databases, sqliteDatabases } from "../../core/store/databases.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { testEnvironment } from "../../core/testing/index.ts";
import { type Audit, createAudit } from "../../tools/audit/index.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { createAccessTokens } from "./access-jwt.ts";
import { createApiKeyService } from "./api-keys.ts";
import { auditDenials, type Authorizer, createAuthorizer, type RecordDenial } from "./authorizer.ts";
import { createHasher } from "./secrets.ts";
import { openIdentityStore } from "./store/identity-store.ts";

const principal = { by: "session", id: "s", userId: "ruth", grants: [] } as const;
const demand = { permission: "users:manage", bot: "*" } as const;

const secret = new Uint8Array(32);

/** Over an empty store: who asks was authenticated before. */
async function withAuthorizer(
  recorder: (databases: Databases, folder: string) => Promise<RecordDenial>,
  work: (authorizer: Authorizer) => Promise<void>,
): Promise<void> {
  const folder = await temporaryFolder();
  const databases = sqliteDatabases(folder);
  const store = await openIdentityStore(databases);
  const environment = testEnvironment();
  const apiKeys = createApiKeyService({ store, hasher: createHasher(secret), environment });
  const record = await recorder(databases, folder);
  const { log } = silentTelemetry;
  const tokens = createAccessTokens({ signing: [{ id: "1", secret }] });
  await work(createAuthorizer({ store, tokens, apiKeys, clock: environment.clock, record, log }));
  await store.close();
  await databases.close();
}

describe("denials", () => {
  it("stand in the audit of actions, chained with the others", async () => {
    const opened: { readonly audit: Audit; readonly database: Database }[] = [];
    const recorder = async (databases: Databases, folder: string): Promise<RecordDenial> => {
      const database = databases.open("actions.db");
      const audit = await createAudit(database, directoryFiles(folder), { clock: () => 0, log: silentTelemetry.log });
      opened.push({ audit, database });
      return auditDenials(audit);
    };
    await withAuthorizer(recorder, async (authorizer) => {
      for (const request of ["r1", "r2"])
        await expect(authorizer.require(principal, demand, request)).rejects.toMatchObject({
          code: "identity/forbidden",
        });
      expect(opened).toHaveLength(1);
      for (const { audit, database } of opened) {
        expect(await audit.verify()).toMatchObject({ intact: true, entries: 2 });
        await audit.close();
        await database.close();
      }
    });
  });

  it("stay denials where they cannot be recorded", async () => {
    const failing: RecordDenial = async () => {
      throw new Error("the disk is full");
    };
    await withAuthorizer(
      async () => failing,
      async (authorizer) => {
        await expect(authorizer.require(principal, demand, "r")).rejects.toMatchObject({ code: "identity/forbidden" });
      },
    );
  });
});
