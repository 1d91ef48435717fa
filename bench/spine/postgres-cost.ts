/** What PostgreSQL itself uses, and what the least that a message needs would cost there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { z } from "zod";
import type { PostgresServer } from "../../test/support/postgres-server.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import { account, draftOf, environment } from "./parts.ts";

/** Linux counts CPU in hundredths of a second. */
const TICK_MICROS = 10_000;

/** Microseconds of CPU of all processes of a server so far: its own, and those of its connections, living and ended. */
export function postgresMicros({ directory }: Pick<PostgresServer, "directory">): number {
  const postmaster = Number(readFileSync(join(directory, "postmaster.pid"), "utf8").split("\n")[0]);
  const ticks = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      const fields = statOf(name);
      if (Number(name) !== postmaster && fields[1] !== postmaster) return [];
      // utime and stime, and those of children that have ended.
      return [11, 12, 13, 14].map((index) => fields[index] ?? 0);
    });
  return ticks.reduce((total, count) => total + count, 0) * TICK_MICROS;
}

/** The fields behind the name of a process; none where it ended meanwhile. */
function statOf(pid: string): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    return [];
  }
}

const Inserted = z.array(z.object({ id: z.string() })).transform(([row]) => row?.id);

/** A row in with an event, and updated with its reply: two statements of the same bytes, each a transaction of its own. */
export async function barePostgres(url: string, messages: number) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE TABLE bare (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event TEXT, reply TEXT)");
  const event = JSON.stringify(completeEvent(draftOf(1, 1), { account, bot: "echo", environment }));
  const before = process.cpuUsage();
  const start = performance.now();
  for (let index = 0; index < messages; index += 1) {
    const put = { name: "in", text: "INSERT INTO bare (event) VALUES ($1) RETURNING id", values: [event] };
    const id = Inserted.parse((await client.query(put)).rows);
    await client.query({ name: "out", text: "UPDATE bare SET reply = $1 WHERE id = $2", values: [event, id] });
  }
  const perSecond = (messages / (performance.now() - start)) * 1000;
  const { user, system } = process.cpuUsage(before);
  await client.end();
  return { perSecond, clientMicros: (user + system) / messages };
}
