/** Packages that only some installations need: peers of this one, which whoever configures them installs. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { ParleyError } from "../errors.ts";
import { packageDirectory } from "../package-directory.ts";
import type { ConfigIssue } from "./config-error.ts";

const PackageFile = z.object({ version: z.string(), peerDependencies: z.record(z.string(), z.string()).default({}) });

/**
 * Says in one line which of these packages are not installed, or in another major version, and how to get them:
 * "Discord needs discord.js 14: npm install discord.js@14".
 */
export function missingPackages(what: string, names: readonly string[], setting = ""): readonly ConfigIssue[] {
  const directory = packageDirectory();
  const { peerDependencies } = readPackage(directory);
  const missing = names
    .map((name) => ({ name, release: releaseOf(peerDependencies[name] ?? "") }))
    .filter(({ name, release }) => releaseOf(installedVersion(name, directory) ?? "") !== release);
  if (missing.length === 0) return [];
  const needed = missing.map(({ name, release }) => `${name} ${release}`).join(" and ");
  const wanted = missing.map(({ name, release }) => `${name}@${release}`).join(" ");
  return [{ path: setting, message: `${what} needs ${needed}: npm install ${wanted}` }];
}

/** The same where something is about to load them. Throws `package/missing`. */
export function needPackages(what: string, names: readonly string[]): void {
  const [missing] = missingPackages(what, names);
  if (missing !== undefined) throw new ParleyError("package/missing", missing.message);
}

/** The same where an import of a part of this package failed for one of them; undefined for all other errors. */
export function missingPeer(what: string, { message }: Error): string | undefined {
  const [, name = ""] = /^Cannot find package '([^']+)'/u.exec(message) ?? [];
  if (!(name in readPackage(packageDirectory()).peerDependencies)) return undefined;
  return missingPackages(what, [name])[0]?.message;
}

/** What must not change for a package to go on fitting: `14` of `^14.28.1`, `0.3` of `^0.3.2`. */
function releaseOf(version: string): string {
  const [, zero, major = ""] = /^\D*(?:(0\.\d+)|(\d+))/u.exec(version) ?? [];
  return zero ?? major;
}

function installedVersion(name: string, directory: string): string | undefined {
  const found = packageFrom(directory, name);
  return found === undefined ? undefined : readPackage(found).version;
}

/** Where a package stands, as an import from a file of this directory finds it. */
export function packageFrom(directory: string, name: string): string | undefined {
  const roots = createRequire(join(directory, "package.json")).resolve.paths(name) ?? [];
  return roots.map((root) => join(root, name)).find((path) => existsSync(join(path, "package.json")));
}

function readPackage(directory: string): z.output<typeof PackageFile> {
  return PackageFile.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
}
