import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ParleyError } from "./errors.ts";

const PackageFile = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  exports: z.record(z.string(), z.unknown()).optional(),
});

/** The directory of the installed package: where its `package.json`, samples and docs are, from source or from dist. */
export function packageDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (packageFile(directory)?.name !== "parleyjs") {
    const parent = dirname(directory);
    if (parent === directory)
      throw new ParleyError(
        "package/not-found",
        "The package.json of parleyjs is missing. Install the package again: npm install parleyjs",
      );
    directory = parent;
  }
  return directory;
}

/** The version of the installed package. */
export function packageVersion(): string {
  return packageFile(packageDirectory())?.version ?? "0.0.0";
}

/** The entries of the installed package, as its `package.json` names them: `.`, `./discord`, … */
export function publicEntries(): readonly string[] {
  return Object.keys(packageFile(packageDirectory())?.exports ?? {});
}

function packageFile(directory: string): z.infer<typeof PackageFile> | undefined {
  try {
    return PackageFile.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
  } catch {
    // No package.json here: the walk goes on upwards.
    return undefined;
  }
}
