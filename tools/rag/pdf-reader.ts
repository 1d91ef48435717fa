import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { packageDirectory } from "../../core/package-directory.ts";
import { PdfResponse, type PdfRequest } from "./pdf-page.ts";

/** Reads PDF files in a process of its own, one after the other. */
export interface PdfReader {
  /** Never throws: a file that crashes or hangs the process gives a problem, and the next one gets a new process. */
  readonly read: (request: PdfRequest) => Promise<PdfResponse>;
  /** Ends the process. A running read gives a problem. */
  readonly close: () => void;
}

const MEMORY_MEGABYTES = 512;

/** The process is started by the first read. `timeoutMs` is the most that one file may take. */
export function createPdfReader({ timeoutMs }: { readonly timeoutMs: number }): PdfReader {
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
      return response ?? { problem: `the PDF reader crashed, was stopped, or took longer than ${timeoutMs / 1000} s` };
    },
    close: stop,
  };
}

/** The same code runs from source under tsx or vitest and compiled under plain Node. */
function startProcess(): ChildProcess {
  const fromSource = import.meta.url.endsWith(".ts");
  const file = new URL(fromSource ? "./pdf-process.ts" : "./pdf-process.js", import.meta.url);
  return fork(fileURLToPath(file), {
    cwd: packageDirectory(),
    execArgv: [`--max-old-space-size=${MEMORY_MEGABYTES}`, ...(fromSource ? ["--import", "tsx"] : [])],
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
}

async function ask(child: ChildProcess, request: PdfRequest, timeoutMs: number): Promise<PdfResponse | undefined> {
  return await new Promise((resolve) => {
    const finish = (response?: PdfResponse): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      // A process that dies while nobody asks must not bring this one down.
      child.on("error", () => undefined);
      resolve(response);
    };
    const timer = setTimeout(finish, timeoutMs);
    child.on("message", (message: unknown) => finish(PdfResponse.safeParse(message).data));
    child.on("error", () => finish());
    child.on("exit", () => finish());
    child.send(request, (error) => {
      if (error !== null) finish();
    });
  });
}
