/** A real PgBouncer in transaction mode before a PostgreSQL, for one test. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { ordinaryUser } from "./ordinary-user.ts";

export interface Pooler {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts it before the database of this address. Throws in one line when none is installed. */
export async function startPooler(url: string): Promise<Pooler> {
  const { hostname, port, pathname } = new URL(url);
  const directory = mkdtempSync(join(tmpdir(), "parley-pooler-"));
  const own = await freePort();
  const lines = [
    "[databases]",
    `* = host=${hostname} port=${port}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${own}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 3",
    "max_client_conn = 100",
    "logfile = ",
  ];
  // `auth_type = any` logs everybody in as the user that the database line names.
  lines[1] = `* = host=${hostname} port=${port} user=parley`;
  const file = join(directory, "pgbouncer.ini");
  writeFileSync(file, lines.join("\n"));
  const user = ordinaryUser();
  if (user !== undefined) for (const path of [directory, file]) chownSync(path, user.uid, user.gid);
  const program = ["/usr/sbin/pgbouncer", "pgbouncer"].find((name) => spawnSync(name, ["--version"]).status === 0);
  if (program === undefined) throw new Error("No pgbouncer on this machine; install it: apt-get install pgbouncer");
  const child = spawn(program, ["-q", file], { stdio: "ignore", cwd: directory, ...user });
  const address = `postgres://parley@127.0.0.1:${own}${pathname}`;
  await answering(address);
  return {
    url: address,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill("SIGKILL");
        await exited;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(25);
    }
  }
  throw new Error("pgbouncer did not answer within 10 s.");
}
