/** The product's source files, of the working copy or of a commit. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What is shipped to those who run a bot. The recommender is a package of its own. */
const PRODUCT = /^(?:(?:core|adapters|agents|tools|gateway|cli)\/.+|[\w-]+)\.ts$/u;
const NOT_PRODUCT = /\.(?:test|test-d|config|d)\.ts$|\/fixtures\//u;

export const isProduct = (path: string): boolean => PRODUCT.test(path) && !NOT_PRODUCT.test(path);
/** What is shipped for authors' tests: local platforms and the conformance kit. */
export const isTesting = (path: string): boolean => /\/testing\//u.test(path);

const MOST_BYTES = 1024 * 1024 * 1024;
const git = (...words: readonly string[]): string =>
  execFileSync("git", [...words], { encoding: "utf8", maxBuffer: MOST_BYTES });

/** Paths and texts of all TypeScript files, of a commit or as they lie here. */
export function sources(commit?: string): ReadonlyMap<string, string> {
  const listed = commit === undefined ? git("ls-files", "*.ts") : git("ls-tree", "-r", "--name-only", commit);
  const paths = listed.split("\n").filter((path) => path.endsWith(".ts"));
  if (commit === undefined) return new Map(paths.map((path) => [path, readFileSync(path, "utf8")]));
  return readBlobs(commit, paths);
}

/** One process for all files. */
function readBlobs(commit: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const input = paths.map((path) => `${commit}:${path}\n`).join("");
  const output = execFileSync("git", ["cat-file", "--batch"], { input, maxBuffer: MOST_BYTES });
  const texts = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = output.indexOf("\n", at);
    const size = Number(output.toString("utf8", at, end).split(" ")[2]);
    texts.set(path, output.toString("utf8", end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

/** Product files of a commit that now lie outside the product, by git's own judgement of what is the same file. */
export function movedOut(commit: string): ReadonlySet<string> {
  const lines = git("diff", "--name-status", "-M40%", "-l0", "--diff-filter=R", commit, "--", "*.ts").split("\n");
  const moved = lines.flatMap((line) => {
    const [, from, to] = line.split("\t");
    return from !== undefined && to !== undefined && isProduct(from) && !isProduct(to) ? [from] : [];
  });
  return new Set(moved);
}

export const shortName = (commit: string): string => git("rev-parse", "--short", commit).trim();
