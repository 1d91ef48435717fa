import type { Readable, Writable } from "node:stream";
import { z } from "zod";

const hasMethod = (value: unknown, method: string): boolean =>
  typeof value === "object" && value !== null && method in value;

/** Settings of a console account. Streams are replaced in tests. */
export const ConsoleSettings = z.strictObject({
  /** Who is typing. @default the login name */
  user: z.string().min(1).max(100).optional(),
  /** Talk even where standard input is no terminal (a pipe, a script). */
  piped: z.boolean().default(false),
  /** From this sum on (in whole units of its currency) an action is confirmed by its typed code, not from the menu. */
  typedCodeFrom: z.number().nonnegative().default(1000),
  /** Where the files of replies are saved. @default the working directory */
  folder: z.string().min(1).optional(),
  input: z
    .custom<Readable>((value) => hasMethod(value, "read"))
    .describe("a readable stream")
    .optional(),
  output: z
    .custom<Writable>((value) => hasMethod(value, "write"))
    .describe("a writable stream")
    .optional(),
});
export type ConsoleSettings = z.infer<typeof ConsoleSettings>;
export type ConsoleInput = Partial<z.input<typeof ConsoleSettings>>;
