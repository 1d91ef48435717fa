import { ParleyError } from "../errors.ts";

/** One fault of the configuration: where, what, the value that stands there (never a secret), and how to mend it. */
export interface ConfigIssue {
  readonly path: string;
  readonly message: string;
  readonly value?: string;
  readonly fix?: string;
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
  const lines = issues.map(({ path, message, value, fix }) => {
    const found = value === undefined ? "" : ` (found ${value})`;
    return `  ${path === "" ? "(file)" : path}: ${message}${found}${fix === undefined ? "" : `\n    fix: ${fix}`}`;
  });
  return `${file} has ${count}:\n${lines.join("\n")}`;
}
