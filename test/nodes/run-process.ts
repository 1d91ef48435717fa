import { spawn } from "node:child_process";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Typed on standard input, which then ends. */
  readonly input?: string;
  /** SIGINT is sent once this was printed; until then standard input stays open. */
  readonly interruptAt?: string;
  /** Exit codes that are right. @default [0] */
  readonly expected?: readonly number[];
}

/** A program that ended otherwise than it must, by a signal included. */
export class EndedWrongly extends Error {
  /** All that it printed. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** Runs a program to its end. Throws {@link EndedWrongly} with its last lines. */
export async function run(program: string, words: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env = process.env, input = "", expected = [0], interruptAt } = options;
  const startedAt = performance.now();
  const child = spawn(program, words, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  let isInterrupted = false;
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].on("data", (chunk: Buffer) => {
      said[stream] += chunk.toString("utf8");
      if (isInterrupted || interruptAt === undefined || !said.stdout.includes(interruptAt)) return;
      isInterrupted = child.kill("SIGINT");
    });
  // A program that ends without reading is no mistake.
  child.stdin.on("error", () => undefined);
  child.stdin.write(input);
  if (interruptAt === undefined) child.stdin.end();
  const { code, signal } = await new Promise<Pick<Ended, "code" | "signal">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  if (code === null || !expected.includes(code)) {
    const output = `${said.stdout}\n${said.stderr}`.trimEnd();
    const last = output.split("\n").slice(-25).join("\n");
    throw new EndedWrongly(`${words.join(" ")} ended with ${signal ?? code}:\n${last}`, output);
  }
  return { code, signal, ...said, seconds: (performance.now() - startedAt) / 1000 };
}
