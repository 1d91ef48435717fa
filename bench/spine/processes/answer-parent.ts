/** What a process of the bench tells its parent when it is asked, so that nothing is told while it works. */
import { z } from "zod";

const Question = z.discriminatedUnion("ask", [
  /** How much is done, and how much CPU time it took. */
  z.object({ ask: z.literal("state") }),
  /** When each message was put in or sent, in µs of the machine's monotonic clock. */
  z.object({ ask: z.literal("times") }),
  z.object({
    ask: z.literal("put"),
    from: z.number(),
    count: z.number(),
    chats: z.number(),
    /** 0: as fast as they are taken. */
    everyMs: z.number(),
  }),
  /** Ends by itself, so that a CPU profile is written. */
  z.object({ ask: z.literal("end") }),
]);

export type Put = Omit<Extract<z.infer<typeof Question>, { ask: "put" }>, "ask">;

interface Answers {
  readonly finished: () => number;
  readonly times?: () => readonly (readonly [string, number])[];
  readonly put?: (put: Put) => Promise<void>;
}

/** Answers until the parent is gone. Call it when the process is ready. */
export function answerParent({ finished, times, put }: Answers): void {
  const tell = (answer: object): void => void process.send?.(answer);
  process.on("message", (raw) => {
    const question = Question.parse(raw);
    switch (question.ask) {
      case "state": {
        const { user, system } = process.cpuUsage();
        return tell({ finished: finished(), cpu: user + system });
      }
      case "times":
        return tell({ times: times?.() ?? [] });
      case "put":
        return void put?.(question).then(() => tell({ put: true }));
      case "end":
        return process.exit(0);
    }
  });
  process.on("disconnect", () => process.exit(0));
  tell({ ready: true });
}
