/** A copy of this checkout, installed by `npm ci` under one release of Node. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedVersion, type NodeRelease, npm } from "./releases.ts";
import { run } from "./run-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const DRIVER = join("node_modules", "better-sqlite3");
const OLD_DRIVER = join("vendor", "sqlite-node20", "node_modules");

export interface Checkout {
  readonly directory: string;
  readonly installSeconds: number;
  /** Scripts of dependencies that ran, as npm names them. */
  readonly scripts: readonly string[];
  /** What a compiler was started for; empty: nothing. */
  readonly compiled: string;
  /** Packages of the lock file whose `engines` do not allow this release. */
  readonly notAllowing: readonly string[];
  readonly driver: string;
}

/**
 * Copies what git knows and installs it. From Node 22 on there is neither Python nor a compiler: nothing that is needed
 * may be compiled. With `reuseDriver` Node 20 takes the driver that this checkout has compiled already.
 */
export async function installedCheckout(release: NodeRelease, reuseDriver: boolean): Promise<Checkout> {
  const directory = mkdtempSync(join(tmpdir(), `parley-node${release.major}-`));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const { stdout } = await run("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: root });
  for (const file of stdout.split("\0").filter((one) => one !== "" && existsSync(join(root, one)))) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(root, file), join(directory, file));
  }
  const reuses = reuseDriver && release.major < 22 && existsSync(join(root, OLD_DRIVER));
  if (reuses) cpSync(join(root, OLD_DRIVER), join(directory, OLD_DRIVER), { recursive: true });
  const noTools = { npm_config_python: "/nowhere/python", NODE_GYP_FORCE_PYTHON: "/nowhere/python", CC: "/nowhere/cc" };
  const env = { ...release.environment, ...(release.major < 22 ? {} : noTools) };
  const install = await run(release.program, [npm(), "ci", "--no-audit", "--no-fund", "--foreground-scripts"], {
    cwd: directory,
    env,
  });
  const said = `${install.stdout}\n${install.stderr}`;
  const compiles = /^\s+(?:CC|CXX|SOLINK_MODULE)\(target\)|gyp info spawn make/mu.test(said);
  if (compiles && release.major >= 22) throw new Error(`Node ${release.version}: npm ci compiled something.`);
  const notAllowing = [...said.matchAll(/EBADENGINE\s+package: '([^']+)'/gu)].map(([, name = ""]) => name);
  const wrong = notAllowing.filter((name) => release.major >= 22 || !name.startsWith("better-sqlite3@"));
  if (wrong.length > 0) throw new Error(`Node ${release.version} is not allowed by ${wrong.join(", ")}.`);
  return {
    directory,
    installSeconds: install.seconds,
    scripts: [...said.matchAll(/^> (\S+@\S+) \w+$/gmu)].map(([, name = ""]) => name),
    compiled: compiles ? "better-sqlite3" : reuses ? "nothing (driver of the checkout)" : "nothing",
    notAllowing,
    driver: driverOf(directory, release.major),
  };
}

function driverOf(directory: string, major: number): string {
  const place = major < 22 ? join(directory, "vendor", "sqlite-node20", DRIVER) : join(directory, DRIVER);
  return installedVersion(place) ?? "none";
}
