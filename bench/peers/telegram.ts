/** The process with the local Telegram: started, asked, ended. */
import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { bundled } from "../bundle.ts";

const Shown = z.object({
  isBot: z.boolean(),
  text: z.string(),
  /** ms since 1970. */
  at: z.number(),
});

const TelegramAnswer = z.discriminatedUnion("is", [
  z.object({ is: z.literal("ready"), url: z.string(), token: z.string() }),
  z.object({ is: z.literal("state"), isConnected: z.boolean(), sent: z.number() }),
  z.object({ is: z.literal("said") }),
  /** What each person sees, oldest first. */
  z.object({ is: z.literal("screens"), screens: z.array(z.array(Shown)) }),
]);
export type TelegramAnswer = z.infer<typeof TelegramAnswer>;
export type Screens = Extract<TelegramAnswer, { is: "screens" }>["screens"];

export interface Said {
  readonly count: number;
  readonly chats: number;
  /** 0: all at once. */
  readonly everyMs: number;
}

export interface TelegramProcess {
  readonly url: string;
  readonly token: string;
  readonly isConnected: () => Promise<boolean>;
  /** Messages that bots have sent so far. */
  readonly sent: () => Promise<number>;
  /** Resolves when all is said. */
  readonly say: (said: Said) => Promise<void>;
  readonly screens: () => Promise<Screens>;
  readonly stop: () => void;
}

/** Starts an empty Telegram that refuses no floods. */
export async function startTelegram(): Promise<TelegramProcess> {
  const child = fork(bundled("telegram"));
  const heard = async <Kind extends TelegramAnswer["is"]>(is: Kind): Promise<Extract<TelegramAnswer, { is: Kind }>> =>
    await new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the local Telegram ended with ${code}`));
      const isWanted = (answer: TelegramAnswer): answer is Extract<TelegramAnswer, { is: Kind }> => answer.is === is;
      const hear = (raw: unknown): void => {
        const answer = TelegramAnswer.parse(raw);
        if (!isWanted(answer)) return;
        child.off("message", hear).off("exit", ended);
        resolve(answer);
      };
      child.on("message", hear).once("exit", ended);
    });
  const ask = async <Kind extends TelegramAnswer["is"]>(question: object, is: Kind) => {
    const answer = heard(is);
    child.send(question);
    return await answer;
  };
  const { url, token } = await heard("ready");
  return {
    url,
    token,
    isConnected: async () => (await ask({ ask: "state" }, "state")).isConnected,
    sent: async () => (await ask({ ask: "state" }, "state")).sent,
    say: async (said) => void (await ask({ ask: "say", ...said }, "said")),
    screens: async () => (await ask({ ask: "screens" }, "screens")).screens,
    stop: () => void child.kill("SIGKILL"),
  };
}

/** Waits until it is so; gives false when it is not by then. */
export async function until(isSo: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await sleep(100);
  }
  return true;
}
