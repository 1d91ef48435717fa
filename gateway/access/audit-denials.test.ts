import { expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { createAudit } from "../../tools/audit/index.ts";
import { auditDenials } from "./audit-denials.ts";
import type { Denial } from "./principal.ts";

const { log } = silentTelemetry;
const denial: Denial = {
  principal: "user:ruth",
  permission: "users:manage",
  reason: "no-grant",
  bot: undefined,
  call: "GET /api/v1/users",
  correlationId: "r1",
};

it("stand in the audit of actions, chained with the others", async () => {
  const folder = await temporaryFolder();
  const databases = sqliteDatabases(folder);
  const database = databases.open("actions.db");
  const audit = await createAudit(database, directoryFiles(folder), { clock: () => 0, log });
  const record = auditDenials(audit, log);
  for (const correlationId of ["r1", "r2"]) await record({ ...denial, correlationId });
  expect(await audit.verify()).toMatchObject({ intact: true, entries: 2 });
  await audit.close();
  await database.close();
  await databases.close();
});

it("are told in the log where they cannot be recorded", async () => {
  const told: unknown[] = [];
  const full = async (): Promise<never> => {
    throw new Error("the disk is full");
  };
  const record = auditDenials(
    { write: full, append: function* () {} },
    { ...log, error: (part) => void told.push(part) },
  );
  await record(denial);
  expect(told).toEqual([{ correlationId: "r1", error: "Error: the disk is full" }]);
});
