/** Doctor's findings about a PostgreSQL server. */
import type { PoolClient } from "pg";
import { z } from "zod";
import type { Check } from "../../check.ts";
import { describeError } from "../../errors.ts";
import { ENCODING_REMEDY } from "./migrate.ts";
import { explainedFailure } from "./failures.ts";

type Borrow = <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>;

const OLDEST = 14;
/** Clocks that differ by more confuse limits, retention and proposals. */
const CLOCKS_DIFFER_MS = 5_000;

const Server = z.object({
  version: z.string(),
  number: z.coerce.number(),
  encoding: z.string(),
  readOnly: z.string(),
  now: z.coerce.number(),
  mayCreate: z.boolean(),
  standbys: z.string(),
  replicas: z.number(),
});

const LOOK = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
    current_setting('server_encoding') AS encoding, current_setting('transaction_read_only') AS "readOnly",
    extract(epoch FROM clock_timestamp()) * 1000 AS now,
    has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
    current_setting('synchronous_standby_names') AS standbys,
    (SELECT count(*) FROM pg_stat_replication) AS replicas`;

/** Looks at version, rights, encoding, clock and replication, and writes something. */
export async function checkPostgres(borrow: Borrow, { place }: { readonly place: string }): Promise<readonly Check[]> {
  try {
    const { server, milliseconds } = await borrow(async (client) => {
      await roundTrip(client);
      const startedAt = performance.now();
      const { rows } = await client.query(LOOK);
      return { server: Server.parse(rows[0]), milliseconds: performance.now() - startedAt };
    });
    return [
      {
        name: "store",
        status: "ok",
        detail: `${place}, ${server.version}: written and read in ${milliseconds.toFixed(0)} ms`,
      },
      ...versionCheck(server),
      ...rightsCheck(server),
      ...encodingCheck(server),
      ...clockCheck(server, milliseconds),
      ...replicationCheck(server),
    ];
  } catch (thrown) {
    const detail = describeError(explainedFailure(place, thrown));
    return [
      { name: "store", status: "error", detail, remedy: "Mend what it says; messages wait in the queue until then." },
    ];
  }
}

/** A write that leaves nothing behind. */
async function roundTrip(client: PoolClient): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query("CREATE TEMPORARY TABLE parley_doctor (value BIGINT) ON COMMIT DROP");
    await client.query("INSERT INTO parley_doctor VALUES (1)");
  } finally {
    await client.query("ROLLBACK");
  }
}

type ServerFacts = z.infer<typeof Server>;

function versionCheck({ number, version }: ServerFacts): readonly Check[] {
  if (number >= OLDEST * 10_000) return [];
  const detail = `PostgreSQL ${version} is older than ${OLDEST}`;
  return [{ name: "store version", status: "error", detail, remedy: `Update the server to ${OLDEST} or later.` }];
}

function rightsCheck({ mayCreate, readOnly }: ServerFacts): readonly Check[] {
  if (readOnly === "on") {
    const remedy = "Let store.url name the primary server.";
    return [{ name: "store rights", status: "error", detail: "the server takes no writes: it is a standby", remedy }];
  }
  if (mayCreate) return [];
  const remedy =
    "GRANT CREATE, USAGE ON SCHEMA public TO this user, or run the first start of a new version as the owner.";
  return [{ name: "store rights", status: "warning", detail: "this user may not make tables", remedy }];
}

function encodingCheck({ encoding }: ServerFacts): readonly Check[] {
  if (encoding === "UTF8") return [];
  const detail = `it is ${encoding}, which cannot hold every message`;
  return [{ name: "store encoding", status: "error", detail, remedy: ENCODING_REMEDY }];
}

function clockCheck({ now }: ServerFacts, milliseconds: number): readonly Check[] {
  const apart = Math.abs(Date.now() - now);
  if (apart <= CLOCKS_DIFFER_MS + milliseconds) return [];
  const detail = `the server's clock and this machine's are ${(apart / 1000).toFixed(0)} s apart`;
  return [{ name: "store clock", status: "warning", detail, remedy: "Keep both in time (chrony, systemd-timesyncd)." }];
}

/** A standby that may lag behind loses what was acknowledged when it takes over. */
function replicationCheck({ standbys, replicas }: ServerFacts): readonly Check[] {
  if (standbys !== "") return [{ name: "store replication", status: "ok", detail: `commits wait for ${standbys}` }];
  if (replicas === 0) return [];
  const remedy = "Set synchronous_standby_names, so that a standby that takes over has every committed message.";
  const detail = `${replicas} standby servers follow asynchronously: after a failover the latest messages may be missing`;
  return [{ name: "store replication", status: "warning", detail, remedy }];
}
