import type { Command } from "commander";
import { z } from "zod";

/** The options of a command together with the program's own, validated. */
export function optionsOf<Schema extends z.ZodType>(command: Command, schema: Schema): z.output<Schema> {
  return schema.parse(command.optsWithGlobals());
}

/** What every command knows. */
export const CommonOptions = z.object({ config: z.string(), json: z.boolean().default(false) });
