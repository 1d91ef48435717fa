/** Adapters of others, by the name of their package. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ADAPTER_API_VERSION } from "../adapter.ts";
import { AdapterVersionError, type AnyAdapter } from "../adapter-binding.ts";
import type { AccountConfig } from "../bot.ts";
import { ParleyError } from "../errors.ts";

const PackageManifest = z.looseObject({
  parley: z.looseObject({ adapterApi: z.number() }).optional(),
  exports: z.unknown(),
  main: z.string().optional(),
});

/** The package is missing, or is no adapter. */
export class AdapterPackageError extends ParleyError {
  override readonly name = "AdapterPackageError";

  constructor(code: "not-found" | "no-adapter", packageName: string, detail: string) {
    super(`adapter/package-${code}`, `Adapter package "${packageName}": ${detail}`);
  }
}

export interface AdapterPackageOptions {
  /** Account name. @default "main" */
  readonly name?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where the search for `node_modules` starts. @default the working directory */
  readonly from?: string;
}

/**
 * An account on the adapter of an installed package: `await adapterPackage("parley-adapter-irc", { settings: { … } })`.
 *
 * The package names the contract it was written for in its `package.json` (`"parley": { "adapterApi": 1 }`) and exports
 * `adapter`, made by `defineAdapter`. Another version is refused before any of its code runs: throws
 * `AdapterVersionError` naming both, or `AdapterPackageError`.
 */
export async function adapterPackage(packageName: string, options: AdapterPackageOptions = {}): Promise<AccountConfig> {
  const { name = "main", settings = {}, from = process.cwd() } = options;
  const directory = directoryOf(packageName, from);
  const manifest = PackageManifest.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
  const version = manifest.parley?.adapterApi;
  if (version === undefined) {
    throw new AdapterPackageError(
      "no-adapter",
      packageName,
      `its package.json says nothing of "parley": { "adapterApi": ${ADAPTER_API_VERSION} }. Is it an adapter?`,
    );
  }
  if (version !== ADAPTER_API_VERSION) throw new AdapterVersionError(packageName, version);
  const entry = entryOf(manifest.exports) ?? manifest.main ?? "index.js";
  const module: unknown = await import(pathToFileURL(join(directory, entry)).href);
  const { adapter } = z.looseObject({ adapter: z.unknown().optional() }).parse(module);
  if (!isAdapter(adapter)) {
    throw new AdapterPackageError("no-adapter", packageName, "it exports no `adapter` made by defineAdapter.");
  }
  return { adapter, name, settings };
}

function directoryOf(packageName: string, from: string): string {
  const roots = createRequire(join(from, "bots.config.ts")).resolve.paths(packageName) ?? [];
  const found = roots.map((root) => join(root, packageName)).find((path) => existsSync(join(path, "package.json")));
  if (found !== undefined) return found;
  throw new AdapterPackageError("not-found", packageName, `it is not installed. Run: npm install ${packageName}`);
}

/** The entry of `"."`, as Node picks it for an import. */
function entryOf(exported: unknown): string | undefined {
  if (typeof exported === "string") return exported;
  const conditions = z.record(z.string(), z.unknown()).safeParse(exported).data;
  if (conditions === undefined) return undefined;
  const next = conditions["."] ?? conditions["import"] ?? conditions["default"];
  return next === undefined ? undefined : entryOf(next);
}

function isAdapter(value: unknown): value is AnyAdapter {
  return (
    typeof value === "object" && value !== null && "manifest" in value && "configSchema" in value && "bind" in value
  );
}
