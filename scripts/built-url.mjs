/** Bundled into the product in place of `import.meta.url`: where a source would lie in dist if it had a file of its own. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageDirectory } from "../core/package-directory.ts";

export const builtUrl = (place) => pathToFileURL(join(packageDirectory(), "dist", place)).href;
