import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const Message = z.object({
  ready: z.boolean().optional(),
  sent: z.array(z.string()).optional(),
  done: z.number().optional(),
  at: z.number().optional(),
  cpu: z.number().optional(),
});
export type ChildMessage = z.infer<typeof Message>;

/** Starts a process of the bench and waits until it is ready. */
export async function startChild(
  file: string,
  args: readonly string[],
  onMessage: (message: ChildMessage) => void,
): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ["--import", "tsx"] });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
    child.on("message", (raw) => {
      const message = Message.parse(raw);
      if (message.ready === true) resolve();
      else onMessage(message);
    });
  });
  return child;
}

/** CPU time that these processes and this one have used, in µs. */
export async function clientMicros(children: readonly ChildProcess[]): Promise<number> {
  const used = await Promise.all(
    children.map(
      async (child) =>
        await new Promise<number>((resolve) => {
          const hear = (raw: unknown): void => {
            const { cpu } = Message.parse(raw);
            if (cpu === undefined) return;
            child.off("message", hear);
            resolve(cpu);
          };
          child.on("message", hear);
          child.send("cpu");
        }),
    ),
  );
  const { user, system } = process.cpuUsage();
  return used.reduce((sum, micros) => sum + micros, user + system);
}

/** Ends processes and waits for it. */
export async function stopChildren(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }),
  );
}
