/** For `doctor`: what the running processes say of themselves, and whether the gateway's port can be had. */
import { createServer } from "node:net";
import { Agent, request } from "undici";
import { z } from "zod";
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import { packageVersion } from "../../core/package-directory.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { livingProcesses, type ProcessRecord } from "./process-record.ts";

const ANSWER_MS = 3_000;
const LONGEST_ANSWER_BYTES = 256 * 1024;
const PORT = "gateway port";

const Ready = z.object({
  ready: z.boolean(),
  parts: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() })),
});
type Ready = z.infer<typeof Ready>;

/** Asks every process of this installation for its state; without one, looks whether the port is free. */
export async function checkRunning(loaded: LoadedConfig): Promise<readonly Check[]> {
  const processes = await livingProcesses(dataDirectoryOf(loaded));
  const states = await Promise.all(processes.map(async (one) => await checkProcess(one)));
  return [...states.flat(), await checkPort(loaded, processes)];
}

async function checkProcess(record: ProcessRecord): Promise<readonly Check[]> {
  const { url, version, roles, since } = record;
  const pid = record.process.pid;
  const name = `process ${pid}`;
  const what = `Parley ${version} (${roles.join(", ")}) runs since ${since}`;
  if (url === undefined) return [{ name, status: "ok", detail: `${what}, without a gateway` }, ...outdated(record)];
  const answer = await stateAt(url);
  if (answer === undefined || "failed" in answer) {
    const why = answer?.failed ?? "what answers there is no Parley";
    return [
      {
        name,
        status: "error",
        detail: `${what}, but does not answer at ${url} (${why})`,
        remedy: `Look at its log. If it hangs: kill ${pid}, and start it again.`,
      },
    ];
  }
  const state: Check = answer.ready
    ? { name, status: "ok", detail: `${what} at ${url}: ready` }
    : { name, status: "error", detail: `${what} at ${url}: not ready`, remedy: "See below what is down." };
  return [state, ...outdated(record), ...answer.parts.map((part) => checkPart(pid, part))];
}

const STATUS: Readonly<Record<string, Check["status"]>> = { live: "ok", "stand-by": "ok", down: "error" };

function checkPart(pid: number, { name, state, detail }: Ready["parts"][number]): Check {
  return { name: `process ${pid} ${name}`, status: STATUS[state] ?? "warning", detail: `${state}: ${detail}` };
}

function outdated({ process: { pid }, version }: ProcessRecord): readonly Check[] {
  const installed = packageVersion();
  if (version === installed) return [];
  const detail = `it runs ${version}; ${installed} is installed`;
  return [{ name: `process ${pid} version`, status: "warning", detail, remedy: "Start it again." }];
}

/** What a gateway says of itself; undefined where something else answers. */
async function stateAt(url: string): Promise<Ready | { readonly failed: string } | undefined> {
  // Never through a proxy: it is this machine, or one beside it.
  const dispatcher = new Agent({ maxResponseSize: LONGEST_ANSWER_BYTES });
  try {
    const { body } = await request(new URL("/health/ready", reachable(url)), {
      dispatcher,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return Ready.safeParse(await body.json()).data;
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
  const own = processes.find(({ url }) => url !== undefined);
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
  if (await canListen(host, port)) return { name: PORT, status: "ok", detail: `${host}:${port} is free: nothing runs` };
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
