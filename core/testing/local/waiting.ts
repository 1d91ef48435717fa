/** Answers that are waited for by id, as clients wait for the answer to a press. */
export interface Waiting<Answer> {
  /** Resolves with the answer and how long it took; with undefined after `ms`, or when all waiting ends. */
  readonly wait: (id: string, ms: number) => Promise<Answered<Answer> | undefined>;
  readonly answer: (id: string, answer: Answer) => void;
  readonly end: () => void;
}

export interface Answered<Answer> {
  readonly answer: Answer;
  readonly withinMs: number;
}

export function createWaiting<Answer>(): Waiting<Answer> {
  const waiting = new Map<string, { readonly since: number; readonly end: (answered?: Answered<Answer>) => void }>();
  return {
    wait: async (id, ms) =>
      await new Promise((resolve) => {
        const end = (answered?: Answered<Answer>): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answered);
        };
        const timer = setTimeout(end, ms);
        waiting.set(id, { since: performance.now(), end });
      }),
    answer: (id, answer) => {
      const found = waiting.get(id);
      found?.end({ answer, withinMs: performance.now() - found.since });
    },
    end: () => {
      for (const { end } of waiting.values()) end();
    },
  };
}
