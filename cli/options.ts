import type { Command } from "commander";
import { z } from "zod";
import { checkSettings } from "../core/config/check-settings.ts";
import type { ConfigIssue } from "../core/config/config-error.ts";

/** The options of a command together with the program's own, validated; a wrong one is named, with exit code 2. */
export function optionsOf<Schema extends z.ZodType>(command: Command, schema: Schema): z.output<Schema> {
  const given = command.optsWithGlobals();
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const checked = checkSettings(schema, withNumbers(given, parsed.error), { noun: "option" });
  const faults = "data" in checked ? [] : checked.issues.map(told);
  return command.error(`error: ${faults.join("; ")}`, { exitCode: 2 });
}

/** A list of values in one option. */
export function listed(text: string): readonly string[] {
  return text.split(",").map((one) => one.trim());
}

/** What every command knows. */
export const CommonOptions = z.object({ config: z.string(), json: z.boolean().default(false) });

/** What a command line gives is a text: where a number is expected and stands there, its size is what is wrong. */
function withNumbers(given: Readonly<Record<string, unknown>>, { issues }: z.ZodError): Record<string, unknown> {
  const sized = new Set(
    issues.filter(({ code }) => code === "too_big" || code === "too_small").map(({ path }) => path[0]),
  );
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      sized.has(name) && typeof value === "string" && /^-?\d+(?:\.\d+)?$/u.test(value) ? Number(value) : value,
    ]),
  );
}

/** As the configuration tells it; where the nearest word is known, it stands instead of all of them. */
function told({ path, message, value, fix = "" }: ConfigIssue): string {
  const name = path.replace(/\.\d+$/u, "").replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const nearest = /^Did you mean [^?]+\?/u.exec(fix)?.[0];
  if (nearest !== undefined) return `--${name}: there is no ${value}. ${nearest}`;
  return `--${name}: ${message}${value === undefined ? "" : ` (found ${value})`}`;
}
