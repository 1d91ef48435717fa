/**
 * One script call for what a process asks for in the same moment. A call of its own costs the server and this process
 * several times what its few commands cost; the operations stay atomic each, and each gets its own answer.
 */

/** Bounds how long one script keeps the server from others. */
const LARGEST = 64;

/** Gathers calls by group; calls of one group are executed in the order in which they were made. */
export interface Batch<Call> {
  /** Resolves with the answer to this call; rejects when its batch could not be executed. */
  readonly run: (group: string, call: Call) => Promise<unknown>;
}

interface Waiting<Call> {
  readonly call: Call;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (thrown: unknown) => void;
}

/** Makes a batch. `execute` gets at most 64 calls of one group and answers each, in their order. */
export function createBatch<Call>(execute: (calls: readonly Call[]) => Promise<readonly unknown[]>): Batch<Call> {
  let groups = new Map<string, Waiting<Call>[]>();

  async function executeAll(waiting: readonly Waiting<Call>[]): Promise<void> {
    try {
      const answers = await execute(waiting.map(({ call }) => call));
      for (const [index, { resolve, reject }] of waiting.entries()) {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    } catch (thrown) {
      for (const { reject } of waiting) reject(thrown);
    }
  }

  function flush(): void {
    const gathered = groups;
    groups = new Map();
    for (const waiting of gathered.values()) {
      for (let start = 0; start < waiting.length; start += LARGEST) {
        void executeAll(waiting.slice(start, start + LARGEST));
      }
    }
  }

  return {
    run: (group, call) =>
      new Promise((resolve, reject) => {
        if (groups.size === 0) setImmediate(flush);
        const waiting = groups.get(group);
        if (waiting === undefined) groups.set(group, [{ call, resolve, reject }]);
        else waiting.push({ call, resolve, reject });
      }),
  };
}
