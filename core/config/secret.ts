/** Secrets are written by reference and never printed: `env("TELEGRAM_TOKEN")`, `file("/run/secrets/token")`. */
import { z } from "zod";

/** Where a secret stands. */
export class SecretReference {
  readonly source: "env" | "file";
  readonly name: string;

  constructor(source: "env" | "file", name: string) {
    this.source = source;
    this.name = name;
  }
}

/** A resolved secret. Printing, logging or serialising it shows `[secret]`; only `reveal` gives the value. */
export class Secret {
  readonly #value: string;
  readonly from: string;

  constructor(value: string, from: string) {
    this.#value = value;
    this.from = from;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `[secret from ${this.from}]`;
  }
}

/** The value of an environment variable (a `.env` file beside the config is read too). */
export function env(name: string): SecretReference {
  return new SecretReference("env", name);
}

/** The trimmed content of a file. Relative paths start at the config's directory. */
export function file(path: string): SecretReference {
  return new SecretReference("file", path);
}

/** Schema of a setting that must be a secret. A literal string is refused: it would end up in version control. */
export function secret(): z.ZodType<Secret> {
  return z.custom<Secret>((value) => value instanceof Secret, {
    error: 'expected a secret by reference, such as env("NAME") or file("path")',
  });
}

/** How references are looked up; handed in so that tests need no real environment. */
export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

export interface SecretIssue {
  readonly path: readonly string[];
  readonly message: string;
  readonly fix: string;
}

/** Replaces every reference in plain objects and arrays by its secret; what cannot be found is an issue, not a throw. */
export function resolveSecrets(
  value: unknown,
  sources: SecretSources,
): { readonly value: unknown; readonly issues: readonly SecretIssue[] } {
  const issues: SecretIssue[] = [];
  const walk = (current: unknown, path: readonly string[]): unknown => {
    if (current instanceof SecretReference)
      return resolve(current, sources, (issue) => issues.push({ path, ...issue }));
    if (Array.isArray(current)) return current.map((entry, index) => walk(entry, [...path, String(index)]));
    if (!isPlainObject(current)) return current;
    return Object.fromEntries(Object.entries(current).map(([key, entry]) => [key, walk(entry, [...path, key])]));
  };
  return { value: walk(value, []), issues };
}

function resolve(
  reference: SecretReference,
  sources: SecretSources,
  report: (issue: Omit<SecretIssue, "path">) => void,
): Secret | undefined {
  const { source, name } = reference;
  if (source === "env") {
    const value = sources.environment[name];
    if (value !== undefined && value !== "") return new Secret(value, `env ${name}`);
    report({
      message: `environment variable ${name} is not set`,
      fix: `Set ${name} in the environment or in .env beside the config.`,
    });
    return undefined;
  }
  try {
    return new Secret(sources.readFile(name).trim(), `file ${name}`);
  } catch {
    report({
      message: `secret file ${name} cannot be read`,
      fix: `Create ${name} or correct its path and permissions.`,
    });
    return undefined;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
