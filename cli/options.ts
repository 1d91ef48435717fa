import type { Command } from "commander";
import { z } from "zod";

/** The options of a command together with the program's own, validated; a wrong one is named, with exit code 2. */
export function optionsOf<Schema extends z.ZodType>(command: Command, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(command.optsWithGlobals());
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  return command.error(`error: ${faults.join("; ")}`, { exitCode: 2 });
}

/** What every command knows. */
export const CommonOptions = z.object({ config: z.string(), json: z.boolean().default(false) });
