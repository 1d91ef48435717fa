/** Files with one JSON value a line. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { z } from "zod";
import { describeError, ParleyError } from "../../core/errors.ts";
import { givenFile } from "../given-file.ts";

/** A file cannot be used. Nothing was played. */
export class LinesError extends ParleyError {
  override readonly name = "LinesError";

  constructor(where: string, message: string, fix: string) {
    const text = `${where}: ${message}. Fix: ${fix}`;
    super("evaluation/invalid-file", text, { status: 400 });
  }
}

/** A value with where it stands. */
export interface Line<Row> {
  readonly where: string;
  readonly row: Row;
}

/** The lines of a file. `fix`: where it is told what may stand in one. Throws `LinesError` with file, line and what does not fit. */
export function readLines<Row>(schema: z.ZodType<Row>, file: string, fix?: string): readonly Line<Row>[] {
  const name = relative(process.cwd(), file);
  return readFileSync(givenFile(file), "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const where = `${name}:${index + 1}`;
      const parsed = schema.safeParse(jsonOf(line, where));
      if (parsed.success) return [{ where, row: parsed.data }];
      throw new LinesError(
        where,
        z.prettifyError(parsed.error).replaceAll("\n", "\n  "),
        fix ?? "Write what its schema asks for.",
      );
    });
}

function jsonOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (thrown) {
    throw new LinesError(where, `is no JSON: ${describeError(thrown)}`, "Write one JSON object on each line.");
  }
}
