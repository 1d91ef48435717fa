/** A project that nobody may write to, as in a container: configuration and code are there, data are elsewhere. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildOnce, runParley, startParley } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
beforeAll(buildOnce);

const CONFIG = `
import { crew, defineConfig, web } from "parleyjs";
import { name } from "./name.ts";
export default defineConfig({ bots: { quiet: { name, accounts: [web()], crew: crew({ model: "offline" }) } } });
`;

/** A project with its own code and the installed package, and a folder for data outside. */
function project(): { readonly directory: string; readonly data: string } {
  const directory = mkdtempSync(join(tmpdir(), "parley-read-only-"));
  const data = mkdtempSync(join(tmpdir(), "parley-read-only-data-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  });
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules", "parleyjs"));
  writeFileSync(join(directory, "bots.config.ts"), CONFIG);
  writeFileSync(join(directory, "name.ts"), 'export const name = "Quiet";\n');
  return { directory, data };
}

/** Makes it read-only; false where this machine does not let us. Root may write to what its mode forbids: it mounts. */
function protect(directory: string): boolean {
  if (process.getuid?.() !== 0) {
    execFileSync("chmod", ["-R", "a-w", directory]);
    onTestFinished(() => void execFileSync("chmod", ["-R", "u+w", directory]));
    return true;
  }
  const isMounted = spawnSync("mount", ["--bind", directory, directory]).status === 0;
  if (!isMounted) return false;
  onTestFinished(() => void spawnSync("umount", ["-l", directory]));
  return spawnSync("mount", ["-o", "remount,bind,ro", directory]).status === 0;
}

describe("platforms L: a read-only project with its data elsewhere", () => {
  it("starts, answers, and leaves the project as it is", async ({ skip }) => {
    const { directory, data } = project();
    if (!protect(directory)) skip("this machine lets nobody mount");
    const config = join(directory, "bots.config.ts");
    const parley = await startParley({ directory: data, config });
    onTestFinished(async () => void (await parley.stop()));
    const answer = await fetch(`${parley.url}/api/v1/chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "hello" }),
    });
    expect(answer.status).toBe(200);
    expect(await parley.stop()).toBe(0);
    expect(readdirSync(directory).toSorted()).toEqual(["bots.config.ts", "name.ts", "node_modules"]);
  });

  it.each([
    ["doctor", ["doctor"]],
    ["config check", ["config", "check"]],
    ["plan", ["plan"]],
    // On a busy machine doctor ends after its 15 s with what it has by then, and says so with exit code 1.
  ])("is checked by %s, also where something stands in the way of the cache", { retry: 3 }, (_name, words) => {
    const { directory, data } = project();
    writeFileSync(join(directory, ".parley"), "a file, no folder");
    const { status, stderr } = runParley(data, "--config", join(directory, "bots.config.ts"), ...words);
    expect(`${status} ${stderr}`).toBe("0 ");
  });

  it("says what is wrong where the data cannot be written either", ({ skip }) => {
    const { directory } = project();
    if (!protect(directory)) skip("this machine lets nobody mount");
    const config = join(directory, "bots.config.ts");
    const { status, stderr } = runParley(join(directory, "data"), "--config", config, "start");
    expect(status).toBe(2);
    expect(stderr).toMatch(/dataDirectory.*cannot be (?:made|written).*PARLEY_DATA/su);
    expect(stderr).not.toMatch(/ {4}at /u);
  });
});
