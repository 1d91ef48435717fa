/** Releases of Node in folders of their own: npm's package `node` brings the program and its headers. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { run } from "./run-process.ts";

export interface NodeRelease {
  readonly version: string;
  readonly major: number;
  readonly program: string;
  /** For whatever is started with it: `node` is this one, and so are the headers that add-ons are built against. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Installs a release such as `20.19` below the folder, or takes what is there. */
export async function nodeRelease(wanted: string, below: string): Promise<NodeRelease> {
  const folder = join(below, wanted);
  const program = join(folder, "node_modules", "node", "bin", "node");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    // Its script fetches the package of this machine's system, which holds the program.
    const manifest = { private: true, dependencies: { node: wanted }, allowScripts: { node: true } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    await run(process.execPath, [npm(), "install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder });
  }
  const { stdout } = await run(program, ["--version"], { cwd: folder });
  const version = stdout.trim().slice(1);
  const { platform, arch } = process;
  const headers = join(folder, "node_modules", "node", "node_modules", `node-${platform}-${arch}`);
  return {
    version,
    major: Number.parseInt(version, 10),
    program,
    environment: {
      ...withoutNpm(process.env),
      PATH: [dirname(program), process.env["PATH"]].join(delimiter),
      // A user's npm may be set to the headers of another Node: add-ons would be built for that one.
      ...(existsSync(headers) && { npm_config_nodedir: headers }),
    },
  };
}

/** The npm that runs this script. */
export function npm(): string {
  const path = process.env["npm_execpath"];
  if (path === undefined) throw new Error("Run it by npm: npm run test:nodes");
  return path;
}

/** What npm tells the scripts it runs is about this checkout, and this Node. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(?:npm_(?:package|lifecycle|config_(?!cache|registry|userconfig|globalconfig))|INIT_CWD$|NODE$)/u;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}

/** The version of an installed package. */
export function installedVersion(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}
