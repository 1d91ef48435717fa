/** Packed tarballs and empty folders that they are installed into, as somebody does who never saw the repository. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type NodeRelease, npm } from "../nodes/releases.ts";
import { type Ended, run } from "../nodes/run-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const Packed = z.array(z.object({ filename: z.string() })).min(1);

/** How many packages are installed below a folder, and how many megabytes they take. */
export interface Weight {
  readonly packages: number;
  readonly megabytes: number;
}

/** A folder below the temporary directory that goes with the process. */
export function emptyFolder(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `parley-package-${name}-`));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return directory;
}

export class Packages {
  readonly #release: NodeRelease;

  constructor(release: NodeRelease) {
    this.#release = release;
  }

  /** Runs npm in a folder. Nothing is downloaded that is no package. */
  async npm(words: readonly string[], cwd: string, expected: readonly number[] = [0]): Promise<Ended> {
    return await run(this.#release.program, [npm(), ...words], { cwd, env: this.environment(), expected });
  }

  /** Runs this Node in a folder. */
  async node(
    words: readonly string[],
    cwd: string,
    options: { readonly input?: string; readonly expected?: readonly number[] } = {},
  ): Promise<Ended> {
    return await run(this.#release.program, words, { cwd, env: this.environment(), ...options });
  }

  get program(): string {
    return this.#release.program;
  }

  environment(): NodeJS.ProcessEnv {
    return {
      ...this.#release.environment,
      PUPPETEER_SKIP_DOWNLOAD: "1",
      ANTHROPIC_API_KEY: "",
      NO_COLOR: "1",
      PORT: "0",
    };
  }

  /** Packs a folder of the repository as it would be published; gives the tarball. */
  async pack(folder: string, into: string): Promise<string> {
    const words = ["pack", "--ignore-scripts", "--json", "--pack-destination", into];
    const { stdout } = await this.npm(words, join(root, folder));
    const [packed] = Packed.parse(JSON.parse(stdout));
    return join(into, packed?.filename ?? "");
  }

  /** A new folder with these installed. */
  async installed(name: string, wanted: readonly string[]): Promise<string> {
    const directory = emptyFolder(name);
    writeFileSync(
      join(directory, "package.json"),
      JSON.stringify({ name, version: "1.0.0", private: true, type: "module" }),
    );
    await this.install(directory, wanted);
    return directory;
  }

  async install(directory: string, wanted: readonly string[]): Promise<void> {
    await this.npm(["install", "--no-audit", "--no-fund", ...wanted], directory);
  }

  /** A copy of an installation, to add something to. Files are shared: npm replaces them, and changes none. */
  async copied(from: string, name: string): Promise<string> {
    // As deep as the other: its package.json names tarballs by relative paths.
    const directory = emptyFolder(name);
    await run("cp", ["-al", join(from, "node_modules"), directory], { cwd: from });
    // npm writes into these; all else it replaces.
    for (const file of ["package.json", "package-lock.json", "node_modules/.package-lock.json"])
      await run("cp", ["--remove-destination", join(from, file), join(directory, file)], { cwd: from });
    return directory;
  }

  /** What `npm ls --all` lists without the project itself, and what `du -sm` says. */
  async weigh(directory: string): Promise<Weight> {
    const { stdout } = await this.npm(["ls", "--all", "--parseable"], directory);
    const du = await run("du", ["-sm", "node_modules"], { cwd: directory });
    return { packages: stdout.trim().split("\n").length - 1, megabytes: Number.parseInt(du.stdout, 10) };
  }
}

/** The entries that the package declares, as they are imported: `parleyjs/discord`. */
export function entriesOf(directory: string, name: string): readonly string[] {
  const text = readFileSync(join(directory, "node_modules", name, "package.json"), "utf8");
  const { exports } = z.object({ exports: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text));
  return Object.keys(exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => `${name}${entry.slice(1)}`);
}
