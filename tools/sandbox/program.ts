/** What the sandbox is asked, and what it answers: data between the bot and the thread that runs a program. */
import { z } from "zod";
import type { Json } from "../../core/json.ts";

/** What the thread is started with. */
export interface ProgramTask {
  readonly code: string;
  /** JSON of what the program finds as `input`. */
  readonly input: string;
  readonly limits: { readonly memoryPages: number; readonly outputCharacters: number };
  /** QuickJS, compiled once in the process. */
  readonly engine: WebAssembly.Module;
}

/** What the thread says. Its program may have made every word of it. */
export const ProgramMessage = z.discriminatedUnion("type", [
  /** The program begins: its time runs from here. */
  z.object({ type: z.literal("started") }),
  z.object({ type: z.literal("console"), line: z.string() }),
  /** JSON of the program's result; left out where it gave none. */
  z.object({ type: z.literal("value"), json: z.string().optional() }),
  z.object({ type: z.literal("error"), message: z.string() }),
  z.object({ type: z.literal("stopped"), why: z.enum(["memory", "output"]) }),
]);
export type ProgramMessage = z.infer<typeof ProgramMessage>;

/** What became of a program. Its errors are data: who wrote it mends it. */
export type ProgramResult = { readonly console: readonly string[] } & (
  | { readonly status: "done"; readonly value: Json }
  | { readonly status: "error"; readonly error: string }
  /** The sandbox ended it: it ran too long, or wanted more memory or a larger result than it may have. */
  | { readonly status: "stopped"; readonly why: "time" | "memory" | "output" }
);
