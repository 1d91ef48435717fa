import { ParleyError } from "../errors.ts";

/** One fault of the configuration: where, what, the value that stands there (never a secret), and how to mend it. */
export interface ConfigIssue {
  readonly path: string;
  readonly message: string;
  readonly value?: string;
  readonly fix?: string;
  /** From the config's directory; left out where the fault stands in the environment. */
  readonly file?: string;
  /** Left out where none is known: a value that was computed elsewhere. */
  readonly line?: number;
}

/** The configuration cannot be used. Nothing was started or changed. */
export class ConfigError extends ParleyError {
  override readonly name = "ConfigError";
  readonly file: string;
  readonly issues: readonly ConfigIssue[];

  constructor(file: string, issues: readonly ConfigIssue[], cause?: unknown) {
    super("config/invalid", format(file, issues), { cause, status: 400 });
    this.file = file;
    this.issues = issues;
  }
}

function format(file: string, issues: readonly ConfigIssue[]): string {
  const count = issues.length === 1 ? "1 problem" : `${issues.length} problems`;
  const lines = issues.map((issue) => {
    const fix = issue.fix === undefined ? "" : `\n    fix: ${issue.fix}`;
    return `  ${describeIssue(issue)}${fix}`;
  });
  return `${file} has ${count}:\n${lines.join("\n")}`;
}

/** Where, what and what was found, in one line. */
export function describeIssue(issue: ConfigIssue): string {
  const { path, message, value } = issue;
  const found = value === undefined ? "" : ` (found ${value})`;
  return `${[placeOf(issue), path].filter((part) => part !== "").join(" ")}: ${message}${found}`;
}

function placeOf({ file, line }: ConfigIssue): string {
  if (file === undefined) return "environment";
  return line === undefined ? `${file} (line unknown)` : `${file}:${line}`;
}
