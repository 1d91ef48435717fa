/** The processes of a round: started, asked, ended. */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { z } from "zod";
import { bundled, isProfiled, nodeOptions } from "../bundle.ts";
import type { Put } from "./processes/answer-parent.ts";

const Answer = z.object({
  ready: z.boolean().optional(),
  put: z.boolean().optional(),
  finished: z.number().optional(),
  /** CPU time used so far, in µs. */
  cpu: z.number().optional(),
  times: z.array(z.tuple([z.string(), z.number()])).optional(),
});
type Answer = z.infer<typeof Answer>;

export interface Child {
  readonly state: () => Promise<{ readonly finished: number; readonly cpu: number }>;
  /** When each message was put in or sent, in µs of the machine's monotonic clock. */
  readonly times: () => Promise<ReadonlyMap<string, number>>;
  readonly put: (put: Put) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts a process of the bench and waits until it is ready. */
export async function startChild(
  name: "producer" | "road-worker" | "bullmq-worker",
  args: readonly string[],
): Promise<Child> {
  const child = fork(bundled(name), args, { execArgv: [...nodeOptions(name)] });
  await answerOf(child, ({ ready }) => ready === true);
  const ask = async (question: object, isIt: (answer: Answer) => boolean): Promise<Answer> => {
    const answer = answerOf(child, isIt);
    child.send(question);
    return await answer;
  };
  return {
    state: async () => {
      const { finished = 0, cpu = 0 } = await ask({ ask: "state" }, (answer) => answer.finished !== undefined);
      return { finished, cpu };
    },
    times: async () => new Map((await ask({ ask: "times" }, ({ times }) => times !== undefined)).times),
    put: async (put) => void (await ask({ ask: "put", ...put }, (answer) => answer.put === true)),
    stop: async () => await stop(child, isProfiled),
  };
}

async function answerOf(child: ChildProcess, isIt: (answer: Answer) => boolean): Promise<Answer> {
  return await new Promise<Answer>((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process of the bench ended with ${code}`));
    const hear = (raw: unknown): void => {
      const answer = Answer.parse(raw);
      if (!isIt(answer)) return;
      child.off("message", hear);
      child.off("exit", ended);
      resolve(answer);
    };
    child.once("exit", ended);
    child.on("message", hear);
  });
}

async function stop(child: ChildProcess, gently: boolean): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (gently) child.send({ ask: "end" });
  else child.kill("SIGKILL");
  await ended;
}
