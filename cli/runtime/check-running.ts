/** For `doctor`: what the running processes say of themselves, and whether the gateway's port can be had. */
import { createServer } from "node:net";
import { Agent, request } from "undici";
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import { DatabaseError } from "../../core/store/errors.ts";
import { packageVersion } from "../../core/package-directory.ts";
import { Readiness } from "../../gateway/options.ts";
import { checkSharedFiles } from "./check-shared-files.ts";
import { openDatabases } from "./open-databases.ts";
import { isHere, nameOf, openProcessRecords, type ProcessRecord } from "./process-record.ts";

const ANSWER_MS = 3_000;
const LONGEST_ANSWER_BYTES = 256 * 1024;
const PORT = "gateway port";

/** Asks every process of this installation for its state; without one, looks whether the port is free. */
export async function checkRunning(loaded: LoadedConfig): Promise<readonly Check[]> {
  const processes = await livingProcesses(loaded);
  // Why the database does not say what runs is the store's finding.
  if (processes === undefined) return [];
  const states = await Promise.all(processes.map(async (one) => await checkProcess(one)));
  return [
    ...states.flat(),
    ...missingRoles(processes),
    await checkPort(loaded, processes),
    ...checkSharedFiles(loaded.config, processes),
  ];
}

/** What nobody does while others run: without workers nothing is answered, without adapters nothing comes in. */
function missingRoles(processes: readonly ProcessRecord[]): readonly Check[] {
  if (processes.length === 0) return [];
  return Object.entries(MISSED).flatMap(([role, missed]) =>
    processes.some(({ roles }) => roles.includes(role))
      ? []
      : [{ name: `role ${role}`, status: "error", detail: missed, remedy: `Start one: parley start --roles ${role}` }],
  );
}

const MISSED: Readonly<Record<string, string>> = {
  adapters: "no running process has it: no message comes in or goes out",
  workers: "no running process has it: messages wait and nothing is answered",
};

/** Undefined where the database of everything does not answer. */
async function livingProcesses(loaded: LoadedConfig): Promise<readonly ProcessRecord[] | undefined> {
  const databases = await openDatabases(loaded);
  try {
    const records = await openProcessRecords(databases);
    const living = await records.living();
    await records.close();
    return living;
  } catch (thrown) {
    if (databases.engine === "postgres" && thrown instanceof DatabaseError) return undefined;
    throw thrown;
  } finally {
    await databases.close();
  }
}

async function checkProcess(record: ProcessRecord): Promise<readonly Check[]> {
  const { url, version, roles, since, state } = record;
  const name = nameOf(record);
  const what = `Parley ${version} (${roles.join(", ")}) runs since ${since}`;
  // Its gateway's address need not be one here, and may be behind a balancer: it told the others how it is.
  if (url === undefined || !isHere(record)) {
    const where = url === undefined ? "without a gateway" : `with a gateway at ${url}`;
    return tell(record, `${what}, ${where}; at ${record.at}`, state);
  }
  const answer = await stateAt(url);
  if (answer === undefined || "failed" in answer) {
    const why = answer?.failed ?? "what answers there is no Parley";
    return [
      {
        name,
        status: "error",
        detail: `${what}, but does not answer at ${url} (${why})`,
        remedy: `Look at its log. If it hangs: kill ${record.process.pid}, and start it again.`,
      },
    ];
  }
  return tell(record, `${what} at ${url}`, answer);
}

function tell(record: ProcessRecord, what: string, { ready, parts }: Readiness): readonly Check[] {
  const name = nameOf(record);
  const state: Check = ready
    ? { name, status: "ok", detail: `${what}: ready` }
    : { name, status: "error", detail: `${what}: not ready`, remedy: "See below what is down." };
  return [state, ...outdated(record), ...parts.map((part) => checkPart(name, part))];
}

const STATUS: Readonly<Record<string, Check["status"]>> = { live: "ok", "stand-by": "ok", down: "error" };

function checkPart(process: string, { name, state, detail }: Readiness["parts"][number]): Check {
  return { name: `${process} ${name}`, status: STATUS[state] ?? "warning", detail: `${state}: ${detail}` };
}

function outdated(record: ProcessRecord): readonly Check[] {
  const { version } = record;
  const installed = packageVersion();
  if (version === installed) return [];
  const detail = `it runs ${version}; ${installed} is installed`;
  return [{ name: `${nameOf(record)} version`, status: "warning", detail, remedy: "Start it again." }];
}

/** What a gateway says of itself; undefined where something else answers. */
async function stateAt(url: string): Promise<Readiness | { readonly failed: string } | undefined> {
  // Never through a proxy: it is this machine, or one beside it.
  const dispatcher = new Agent({ maxResponseSize: LONGEST_ANSWER_BYTES });
  try {
    const { body } = await request(new URL("/health/ready", reachable(url)), {
      dispatcher,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return Readiness.safeParse(await body.json()).data;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    const isLate = thrown instanceof Error && thrown.name === "TimeoutError";
    return { failed: isLate ? `no answer within ${ANSWER_MS / 1000} s` : describeError(thrown) };
  } finally {
    await dispatcher.destroy();
  }
}

/** Who listens on every address is asked on the loopback. */
function reachable(url: string): string {
  return url.replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]");
}

async function checkPort({ config }: LoadedConfig, processes: readonly ProcessRecord[]): Promise<Check> {
  const { host, port } = config.gateway;
  const own = processes.find((one) => one.url !== undefined && isHere(one));
  if (own?.url !== undefined) {
    const listening = Number(new URL(own.url).port || 80);
    const whose = `process ${own.process.pid} of this installation`;
    if (listening === port || port === 0) {
      return { name: PORT, status: "ok", detail: `${host}:${listening} is taken by ${whose}` };
    }
    const why = own.variables.PORT === undefined ? "" : `, as PORT of its environment says`;
    return {
      name: PORT,
      status: "ok",
      detail: `${whose} listens on ${listening}${why}; the configuration says ${port} here`,
    };
  }
  if (port === 0) return { name: PORT, status: "ok", detail: "any free port" };
  if (await canListen(host, port))
    return { name: PORT, status: "ok", detail: `${host}:${port} is free: no gateway runs here` };
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const answer = await stateAt(url);
  const other = answer === undefined || "failed" in answer ? "another program" : "a Parley with another data directory";
  const remedy = `Stop it, or choose another port: gateway.port (now ${port}), or PORT in the environment.`;
  return { name: PORT, status: "error", detail: `${host}:${port} is taken by ${other}`, remedy };
}

async function canListen(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
