import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The directory of the installed package: where its `package.json` and samples are. */
export function packageDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const name = packageName(directory);
    if (name === "parley") return directory;
    const parent = dirname(directory);
    if (parent === directory) throw new Error("The package.json of parley was not found above its own code.");
    directory = parent;
  }
}

/** The version in the package's `package.json`. */
export function version(): string {
  return z.object({ version: z.string() }).parse(readPackage(packageDirectory())).version;
}

function packageName(directory: string): string | undefined {
  try {
    return z.object({ name: z.string().optional() }).parse(readPackage(directory)).name;
  } catch {
    return undefined;
  }
}

function readPackage(directory: string): unknown {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}
