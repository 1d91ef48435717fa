/** The other bots' libraries, installed into a folder of their own: they are no part of this repository. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = {
  name: "parley-bench-peers",
  private: true,
  type: "module",
  dependencies: {
    "@chat-adapter/state-redis": "4.41.1",
    "@chat-adapter/telegram": "4.41.1",
    bullmq: "6.7.0",
    chat: "4.41.1",
    grammy: "1.46.0",
    ioredis: "6.0.0",
  },
};

/** Installs what is not there yet, with this machine's npm; gives the folder, with the bots in it. */
export function installPeers(): string {
  const directory = join(tmpdir(), PACKAGE.name);
  const manifest = join(directory, "package.json");
  const wanted = JSON.stringify(PACKAGE, undefined, 2);
  mkdirSync(directory, { recursive: true });
  if (!existsSync(manifest) || readFileSync(manifest, "utf8") !== wanted) {
    writeFileSync(manifest, wanted);
    const npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"];
    execFileSync("npm", npm, { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
  }
  cpSync(fileURLToPath(new URL("bots", import.meta.url)), directory, { recursive: true });
  return directory;
}
