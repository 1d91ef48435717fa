/** Secrets are written by reference and never printed: `env("TELEGRAM_TOKEN")`, `file("/run/secrets/token")`. */
import { z } from "zod";
import { toError } from "../errors.ts";
import { nearest } from "./nearest.ts";

/** The same in each copy of this package: an adapter that is linked into a bot may bring one. */
const KIND = Symbol.for("parleyjs.secret-kind");
const isKind = (value: unknown, kind: string): boolean =>
  typeof value === "object" && value !== null && KIND in value && value[KIND] === kind;

/** Where a secret stands. */
export class SecretReference {
  readonly source: "env" | "file";
  readonly name: string;

  constructor(source: "env" | "file", name: string) {
    this.source = source;
    this.name = name;
  }

  get [KIND](): string {
    return "reference";
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, "reference");
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

  get [KIND](): string {
    return "secret";
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, "secret");
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

/** What a secret has to be, in every error. */
export const SECRET_WORDS = 'a secret by reference, such as env("NAME") or file("path")';

/**
 * Schema of a setting that must be a secret. A literal string is refused, by the editor too: it would end up in version
 * control. What is written is a reference, what an adapter gets is the secret behind it.
 */
export function secret(): z.ZodType<Secret, Secret | SecretReference> {
  return z.custom<Secret>((value) => value instanceof Secret).describe(SECRET_WORDS);
}

/** The same for settings that are read before references are looked up, as those of crews and tool packs are. */
export function secretOrReference(): z.ZodType<Secret | SecretReference> {
  return z
    .custom<Secret | SecretReference>((value) => value instanceof Secret || value instanceof SecretReference)
    .describe(SECRET_WORDS);
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

/**
 * Replaces every reference in plain objects and arrays by its secret. What cannot be found is an issue, not a throw, and
 * an empty secret stands in its place: one that is missing is told once, and is no fault of what needs it as well.
 */
export function resolveSecrets(
  value: unknown,
  sources: SecretSources,
): { readonly value: unknown; readonly issues: readonly SecretIssue[] } {
  const issues: SecretIssue[] = [];
  const walk = (current: unknown, path: readonly string[], above: readonly unknown[]): unknown => {
    if (current instanceof SecretReference)
      return resolveSecret(current, sources, (issue) => issues.push({ path, ...issue }));
    const isList = Array.isArray(current);
    if (!isList && !isPlainObject(current)) return current;
    if (above.includes(current)) {
      issues.push({ path, message: "holds itself", fix: "Write the values out: settings are a tree." });
      return undefined;
    }
    const within = [...above, current];
    const read = (key: string): unknown =>
      readable(() => walk(Reflect.get(current, key), [...path, key], within), [...path, key]);
    const keys = Object.keys(current);
    return isList ? keys.map(read) : Object.fromEntries(keys.map((key) => [key, read(key)]));
  };
  const readable = (work: () => unknown, path: readonly string[]): unknown => {
    try {
      return work();
    } catch (thrown) {
      const message = `cannot be read: ${toError(thrown).message}`;
      issues.push({ path, message, fix: "Write a plain value there, no getter or Proxy that throws." });
      return undefined;
    }
  };
  return { value: readable(() => walk(value, [], []), []), issues };
}

/** Looks a reference up. Gives an empty secret, and reports why, where there is none. */
export function resolveSecret(
  { source, name }: SecretReference,
  { environment, readFile }: SecretSources,
  report: (issue: Omit<SecretIssue, "path">) => void,
): Secret {
  const from = `${source} ${name}`;
  if (source === "env") {
    const value = environment[name] ?? "";
    if (value === "") report({ message: `environment variable ${name} is not set`, fix: howToSet(name, environment) });
    return new Secret(value, from);
  }
  try {
    const value = readFile(name).trim();
    if (value === "") report({ message: `secret file ${name} is empty`, fix: "Write the secret into it." });
    return new Secret(value, from);
  } catch {
    const fix = `Create ${name} or correct its path and permissions.`;
    report({ message: `secret file ${name} cannot be read`, fix });
    return new Secret("", from);
  }
}

/** Variables of one platform resemble each other: only a slip of the fingers is another's name. */
const TYPING_MISTAKE = 2;

function howToSet(name: string, environment: SecretSources["environment"]): string {
  const near = nearest(name, Object.keys(environment), Math.min(TYPING_MISTAKE, Math.floor(name.length / 4)));
  const meant = near === undefined || environment[near] === "" ? "" : ` ${near} is set: did you mean that?`;
  return `Set ${name} in the environment or in .env beside the config.${meant}`;
}

/** Made by braces, not by a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
