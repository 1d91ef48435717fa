import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { packageDirectory } from "../../core/package-directory.ts";
import { ReadResponse, type ReadRequest } from "./read-file.ts";

/** Reads document files, one after the other. */
export interface FileReader {
  /** Never throws: a file that crashes or hangs its process gives a problem, and the next one gets a new process. */
  readonly read: (request: ReadRequest) => Promise<ReadResponse>;
  /** Ends the process. A running read gives a problem. */
  readonly close: () => void;
}

const MEMORY_MEGABYTES = 512;

/** Reads in a process of its own, which is started by the first read. `timeoutMs` is the most that one file may take. */
export function createReaderApart(timeoutMs: number): FileReader {
  let child: ChildProcess | undefined;
  const stop = (): void => {
    child?.kill("SIGKILL");
    child = undefined;
  };
  return {
    read: async (request) => {
      child ??= startProcess();
      const response = await ask(child, request, timeoutMs);
      if (response === undefined) stop();
      return response ?? { problem: `reading it crashed, was stopped, or took longer than ${timeoutMs / 1000} s` };
    },
    close: stop,
  };
}

/** The same code runs from source under tsx or vitest and compiled under plain Node. */
function startProcess(): ChildProcess {
  const fromSource = import.meta.url.endsWith(".ts");
  const file = new URL(fromSource ? "./reader-process.ts" : "./reader-process.js", import.meta.url);
  return fork(fileURLToPath(file), {
    cwd: packageDirectory(),
    execArgv: [`--max-old-space-size=${MEMORY_MEGABYTES}`, ...(fromSource ? ["--import", "tsx"] : [])],
    // It needs none of the secrets that the environment may hold.
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
}

async function ask(child: ChildProcess, request: ReadRequest, timeoutMs: number): Promise<ReadResponse | undefined> {
  return await new Promise((resolve) => {
    const finish = (response?: ReadResponse): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      // A process that dies while nobody asks must not bring this one down.
      child.on("error", () => undefined);
      resolve(response);
    };
    const timer = setTimeout(finish, timeoutMs);
    child.on("message", (message: unknown) => finish(ReadResponse.safeParse(message).data));
    child.on("error", () => finish());
    child.on("exit", () => finish());
    child.send(request, (error) => {
      if (error !== null) finish();
    });
  });
}
