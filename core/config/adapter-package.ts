/** Adapters of others, by the name of their package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ADAPTER_API_VERSION } from "../adapter.ts";
import { AdapterVersionError, type AnyAdapter } from "../adapter-binding.ts";
import type { AccountConfig } from "../bot.ts";
import { ParleyError } from "../errors.ts";
import type { OpenLocalPlatform } from "../testing/local-platform.ts";
import { packageFrom } from "./missing-package.ts";

const PackageManifest = z.looseObject({
  parleyjs: z.looseObject({ adapterApi: z.number() }).optional(),
  exports: z.unknown(),
  main: z.string().optional(),
});

/** The package is missing, or is no adapter. */
export class AdapterPackageError extends ParleyError {
  override readonly name = "AdapterPackageError";

  constructor(code: "not-found" | "no-adapter" | "no-local-platform", packageName: string, detail: string) {
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
 * The package names the contract it was written for in its `package.json` (`"parleyjs": { "adapterApi": 2 }`) and exports
 * `adapter`, made by `defineAdapter`. Another version is refused before any of its code runs: throws
 * `AdapterVersionError` naming both, or `AdapterPackageError`.
 */
export async function adapterPackage(packageName: string, options: AdapterPackageOptions = {}): Promise<AccountConfig> {
  const { name = "main", settings = {}, from = process.cwd() } = options;
  const { directory, manifest } = packageOf(packageName, from);
  const version = manifest.parleyjs?.adapterApi;
  if (version === undefined) {
    throw new AdapterPackageError(
      "no-adapter",
      packageName,
      `its package.json says nothing of "parleyjs": { "adapterApi": ${ADAPTER_API_VERSION} }. Is it an adapter?`,
    );
  }
  if (version !== ADAPTER_API_VERSION) throw new AdapterVersionError(packageName, version);
  const entry = entryOf(manifest.exports, ".") ?? manifest.main ?? "index.js";
  const module: unknown = await import(pathToFileURL(join(directory, entry)).href);
  const { adapter } = z.looseObject({ adapter: z.unknown().optional() }).parse(module);
  if (!isAdapter(adapter)) {
    throw new AdapterPackageError("no-adapter", packageName, "it exports no `adapter` made by defineAdapter.");
  }
  return { adapter, name, settings, package: packageName };
}

/**
 * What a package exports as `open…Locally` from its `./testing`: its platform on this machine. Throws
 * `AdapterPackageError` where the package or the export is missing.
 */
export async function localPlatformOf(packageName: string, from: string = process.cwd()): Promise<OpenLocalPlatform> {
  const { directory, manifest } = packageOf(packageName, from);
  const entry = entryOf(manifest.exports, "./testing");
  const module: unknown = entry === undefined ? {} : await import(pathToFileURL(join(directory, entry)).href);
  const exported = z.looseObject({}).parse(module);
  const open = Object.entries(exported).find(([name, value]) => /^open\w+Locally$/u.test(name) && isOpener(value))?.[1];
  if (isOpener(open)) return open;
  throw new AdapterPackageError(
    "no-local-platform",
    packageName,
    'its "./testing" exports no function open…Locally. Write one (see "A local platform" in the guide for adapters), or leave the platform out with --platforms.',
  );
}

function isOpener(value: unknown): value is OpenLocalPlatform {
  return typeof value === "function";
}

function packageOf(packageName: string, from: string) {
  const directory = packageFrom(from, packageName);
  if (directory === undefined)
    throw new AdapterPackageError("not-found", packageName, `it is not installed. Run: npm install ${packageName}`);
  const manifest: unknown = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return { directory, manifest: PackageManifest.parse(manifest) };
}

/** The file that an export is, as Node picks it for an import. */
function entryOf(exported: unknown, path: "." | "./testing"): string | undefined {
  const paths = z.record(z.string().startsWith("."), z.unknown()).safeParse(exported).data;
  if (paths !== undefined) return fileOf(paths[path]);
  return path === "." ? fileOf(exported) : undefined;
}

function fileOf(exported: unknown): string | undefined {
  if (typeof exported === "string") return exported;
  const { data } = z.record(z.string(), z.unknown()).safeParse(exported);
  return data === undefined ? undefined : fileOf(data["import"] ?? data["default"]);
}

function isAdapter(value: unknown): value is AnyAdapter {
  return (
    typeof value === "object" && value !== null && "manifest" in value && "configSchema" in value && "bind" in value
  );
}
