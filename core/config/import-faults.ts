/** What went wrong while a config file was compiled or imported, as an issue with its place and a remedy. */
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ParleyError, toError } from "../errors.ts";
import { SettingsError } from "./check-settings.ts";
import type { CompiledConfig } from "./compile.ts";
import type { ConfigIssue } from "./config-error.ts";
import { publicEntries } from "../package-directory.ts";
import { missingPeer } from "./missing-package.ts";
import { nearest } from "./nearest.ts";
import type { Place, Places } from "./places.ts";

const BuildFault = z.object({
  text: z.string(),
  location: z.object({ file: z.string(), line: z.number(), column: z.number() }).nullable(),
});
const BuildFailure = z.object({ errors: z.array(BuildFault).min(1) });

/** Faults that the compiler found; it names their lines itself. */
export function compileIssues(thrown: unknown, name: string, directory: string): readonly ConfigIssue[] {
  const failure = BuildFailure.safeParse(thrown).data;
  if (failure === undefined)
    return [{ path: "", file: name, message: `cannot be compiled: ${toError(thrown).message}` }];
  return failure.errors.map(({ text, location }) => ({
    path: "",
    ...(location === null
      ? { file: name }
      : { file: relative(directory, resolve(directory, location.file)), line: location.line }),
    message: text.startsWith("Could not resolve")
      ? `there is no file ${/"[^"]*"/u.exec(text)?.[0] ?? ""}`
      : `cannot be read as TypeScript: ${text}${location === null ? "" : ` (column ${location.column + 1})`}`,
    fix: text.startsWith("Could not resolve")
      ? "Create it, or correct the path of the import."
      : "Correct it there or in the line before; an editor for TypeScript marks the place.",
  }));
}

/** The file waits, outside of every function, for what never comes. */
export class NeverReadyError extends Error {
  override readonly name = "NeverReadyError";
}

interface Imported {
  readonly name: string;
  readonly directory: string;
  readonly compiled: CompiledConfig;
  readonly places: Places;
}

/** Faults that showed when the file was run. */
export async function importIssues(thrown: unknown, imported: Imported): Promise<readonly ConfigIssue[]> {
  const { name, places } = imported;
  const error = toError(thrown);
  const issueOf = (issue: Omit<ConfigIssue, "path">, place: Place | undefined): readonly ConfigIssue[] => [
    { path: "", file: name, ...place, ...issue },
  ];
  if (error instanceof NeverReadyError) {
    // Of several nobody knows which one it is.
    const [only, ...others] = places.awaits;
    const message = `is never ready: an await outside of every function does not end (${error.message})`;
    const fix = "Await only what ends, or give it a limit, such as AbortSignal.timeout(5_000).";
    return issueOf({ message, fix }, only && others.length === 0 ? places.ofNode(only) : undefined);
  }
  if (error instanceof SettingsError) return settingsIssues(error, imported);
  if (error instanceof ParleyError) {
    return issueOf({ message: error.message, fix: "Correct it." }, places.ofError(error));
  }
  const missing = missingPeer("What the configuration imports", error);
  if (missing !== undefined) return issueOf({ message: missing }, places.ofError(error));
  const [, subpath] = /^Package subpath '\.(\/[^']+)'/u.exec(error.message) ?? [];
  const faultyImport = places.imports.find(({ source: { value } }) =>
    subpath === undefined ? error.message.includes(`'${String(value)}'`) : value === `parleyjs${subpath}`,
  );
  if (faultyImport !== undefined) return await importIssue(error, faultyImport, imported);
  const unread = error instanceof ReferenceError ? await referenceIssue(error, imported) : undefined;
  return issueOf(
    unread ?? { message: `fails when it is run: ${error.name}: ${error.message}`, fix: "Correct the code there." },
    places.ofError(error),
  );
}

/** A name that is read too early, or that nobody declared. */
async function referenceIssue(
  { message }: ReferenceError,
  { compiled, places, directory }: Imported,
): Promise<Pick<ConfigIssue, "message" | "fix"> | undefined> {
  if (compiled.circle !== undefined) {
    const [, variable = "a name"] = /'([^']+)'/u.exec(message) ?? [];
    return {
      message: `${variable} is read before it has a value: the files import each other in a circle (${compiled.circle.join(" → ")})`,
      fix: "Move what both need into a file of its own that imports neither.",
    };
  }
  const unknown = /^(\S+) is not defined$/u.exec(message)?.[1];
  if (unknown === undefined) return undefined;
  const near = nearest(unknown, importedNames(places));
  const fix =
    near === undefined
      ? ((await importOf(unknown, directory)) ?? `Import ${unknown}, or declare it.`)
      : `Did you mean ${near}?`;
  return { message: `there is no ${unknown}`, fix };
}

/** `crew({ modell })`: the call is known from the stack, the setting from the call. */
function settingsIssues(error: SettingsError, { name, places }: Imported): readonly ConfigIssue[] {
  return error.issues.map((issue) => {
    const found = places.ofCall(error, issue.path === "" ? [] : issue.path.split("."));
    const at = found === undefined || found.at.length === 0 ? [error.call] : found.at;
    const path = [...at, ...(issue.path === "" ? [] : [issue.path])].join(".");
    return { file: name, ...(found?.place ?? places.ofError(error)), ...issue, path };
  });
}

/** A package that is missing, or a name that it does not have. */
async function importIssue(
  error: Error,
  node: Places["imports"][number],
  { name, directory, places }: Imported,
): Promise<readonly ConfigIssue[]> {
  const source = String(node.source.value);
  const [, missing] = /(?:export named|Named export) '([^']+)'/u.exec(error.message) ?? [];
  const specifier = node.specifiers.find(
    (one) => one.type === "ImportSpecifier" && one.imported.type === "Identifier" && one.imported.name === missing,
  );
  const place = { path: "", file: name, ...places.ofNode(specifier ?? node) };
  if (missing !== undefined) {
    const near = nearest(missing, await namesOf(source, directory));
    const elsewhere = source.startsWith("parleyjs") ? await importOf(missing, directory) : undefined;
    const fix = near === undefined ? (elsewhere ?? `See what ${source} exports.`) : `Did you mean ${near}?`;
    return [{ ...place, message: `"${source}" exports no ${missing}`, fix }];
  }
  const near = nearest(source, ["parley", ...ownEntries()]);
  const fix =
    near === undefined ? `Run: npm install ${source}` : `Did you mean "${near === "parley" ? "parleyjs" : near}"?`;
  return [{ ...place, message: `the package "${source}" cannot be found`, fix }];
}

/** Which import of this package has the name, or the one that was probably meant. */
async function importOf(name: string, directory: string): Promise<string | undefined> {
  const found = new Map<string, string>();
  for (const entry of ownEntries()) {
    for (const one of await namesOf(entry, directory)) if (!found.has(one)) found.set(one, entry);
  }
  const near = nearest(name, [...found.keys()]);
  if (near === undefined) return undefined;
  const line = `import { ${near} } from "${found.get(near)}";`;
  return near === name ? `Write: ${line}` : `Did you mean ${near}? Write: ${line}`;
}

/** What a configuration may import of this package. */
function ownEntries(): readonly string[] {
  return publicEntries().flatMap((entry) =>
    /^\.\/(?:testing|adapter|package\.json)/u.test(entry) ? [] : [`parleyjs${entry.slice(1)}`],
  );
}

async function namesOf(source: string, directory: string): Promise<readonly string[]> {
  try {
    const file = createRequire(join(directory, "bots.config.ts")).resolve(source);
    const module: unknown = await import(pathToFileURL(file).href);
    return Object.keys(Object(module));
  } catch {
    // It is only asked for a suggestion.
    return [];
  }
}

function importedNames({ imports }: Places): readonly string[] {
  return imports.flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name));
}
