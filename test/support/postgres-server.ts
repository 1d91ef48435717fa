/** A real PostgreSQL of our own for tests: a cluster in a temporary folder on a free loopback port, stopped and killed at will. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { ordinaryUser } from "./ordinary-user.ts";

export interface PostgresServerOptions {
  /** Lines of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** @default a free one */
  readonly port?: number;
  /** A cluster that is there already; kept by `stop`. @default a new one in a temporary directory */
  readonly directory?: string;
  /** Where a new cluster's directory is made. @default the system's folder for temporary files */
  readonly parent?: string;
}

export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Makes an empty database and gives its address. */
  readonly createDatabase: () => Promise<string>;
  /** Ends it, in good order or at once as a crash would; the directory stays where it was given. */
  readonly stop: (mode?: "fast" | "immediate") => Promise<void>;
  /** Starts it again on the same directory and port. */
  readonly start: () => Promise<void>;
  /** SIGSTOP for every process of the server: it hangs, its connections stay open. */
  readonly pause: () => void;
  /** SIGCONT. */
  readonly resume: () => void;
  readonly isRunning: () => boolean;
  /** Makes a standby, which follows this server as `settings` say, and starts it. */
  readonly startStandby: (settings?: PostgresServerOptions["settings"]) => Promise<Standby>;
  /** Ends it without waiting, for a harness that is interrupted. */
  readonly abandon: () => void;
  /** Removes its own temporary directory, after `stop`. */
  readonly remove: () => void;
}

export interface Standby extends PostgresServer {
  /** Makes it the primary. */
  readonly promote: () => void;
}

/** Starts a server. Throws in one line when none is installed. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? newCluster(options.parent);
  const url = `postgres://parley@127.0.0.1:${port}/postgres`;
  let child = await launch(directory, port, options.settings);
  let databases = 0;
  const signal = (name: "SIGSTOP" | "SIGCONT"): void => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) {
      try {
        if (pid !== undefined) process.kill(pid, name);
      } catch {
        // A connection's process that ended since.
      }
    }
  };
  return {
    url,
    port,
    directory,
    createDatabase: async () => {
      const name = `test_${(databases += 1)}_${Date.now().toString(36)}`;
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return url.replace(/postgres$/u, name);
    },
    stop: async (mode = "fast") => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      signal("SIGCONT");
      const exited = once(child, "exit");
      child.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
      await exited;
    },
    start: async () => {
      child = await launch(directory, port, options.settings);
    },
    pause: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    startStandby: async (settings) => await startStandby({ port, parent: dirname(directory) }, settings),
    abandon: () => {
      signal("SIGCONT");
      child.kill("SIGQUIT");
    },
    remove: () => {
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startStandby(
  primary: { readonly port: number; readonly parent: string },
  settings: PostgresServerOptions["settings"] = {},
): Promise<Standby> {
  const directory = newDirectory(primary.parent);
  const options = { stdio: "ignore", cwd: directory, ...ordinaryUser() } as const;
  const from = ["-h", "127.0.0.1", "-p", String(primary.port), "-U", "parley"];
  execFileSync(binary("pg_basebackup"), [...from, "-R", "--no-sync", "--checkpoint=fast", "-D", directory], options);
  const follows = `'host=127.0.0.1 port=${primary.port} user=parley application_name=standby'`;
  const server = await startPostgres({ directory, settings: { ...settings, primary_conninfo: follows } });
  return {
    ...server,
    promote: () => void execFileSync(binary("pg_ctl"), ["promote", "-w", "-D", directory], options),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function newDirectory(parent = tmpdir()): string {
  const directory = mkdtempSync(join(parent, "parley-postgres-"));
  const user = ordinaryUser();
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  return directory;
}

function newCluster(parent?: string): string {
  const directory = newDirectory(parent);
  const user = ordinaryUser();
  const settings = ["--no-sync", "--auth=trust", "--username=parley", "--encoding=UTF8", "--locale=C.UTF-8"];
  execFileSync(binary("initdb"), [...settings, "--pgdata", directory], { stdio: "ignore", cwd: directory, ...user });
  return directory;
}

async function launch(
  directory: string,
  port: number,
  settings: PostgresServerOptions["settings"] = {},
): Promise<ChildProcess> {
  const lines = Object.entries({
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: "''",
    port: String(port),
    max_connections: "200",
    shared_buffers: "'64MB'",
    logging_collector: "off",
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(directory, "postgresql.auto.conf"), `${lines.join("\n")}\n`);
  const user = ordinaryUser();
  const child = spawn(binary("postgres"), ["-D", directory], { stdio: "ignore", cwd: directory, ...user });
  for (let attempt = 0; attempt < 800; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`postgres ended with code ${child.exitCode}.`);
    if (await isAnswering(port)) return child;
    await sleep(25);
  }
  child.kill("SIGKILL");
  throw new Error("postgres did not answer within 20 s.");
}

async function isAnswering(port: number): Promise<boolean> {
  const client = new Client({ connectionString: `postgres://parley@127.0.0.1:${port}/postgres` });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function childrenOf(pid: number | undefined): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

function binary(name: string): string {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`No ${name} on this machine; install it: apt-get install postgresql`);
  return found;
}
