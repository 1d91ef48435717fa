import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { buildOnce } from "../../test/support/parley-process.ts";
import { createAdapterPackage } from "./create.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "parley-create-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

it("makes a package that builds without its tests, with a red list of what is missing", async () => {
  buildOnce();
  const directory = join(folder(), "package");
  await createAdapterPackage("carrier-pigeon", directory);
  const modules = join(directory, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  symlinkSync(root, join(modules, "parleyjs"));
  for (const name of ["zod", "vitest", "typescript", "@types/node"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const checked = spawnSync("node", [compiler, "--noEmit"], { cwd: directory, encoding: "utf8" });
  expect(checked.stdout).toBe("");
  const built = spawnSync("node", [compiler, "-p", "tsconfig.build.json"], { cwd: directory, encoding: "utf8" });
  expect(built.stdout).toBe("");
  const made = readdirSync(join(directory, "dist"), { recursive: true });
  expect(made).toEqual(expect.arrayContaining(["index.js", "index.d.ts", join("testing", "index.js")]));
  expect(made.filter((file) => String(file).includes(".test."))).toEqual([]);
  const vitest = spawnSync("node", [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json"], {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, VITEST: "" },
  });
  const said = `${vitest.stdout}${vitest.stderr}`;
  expect(vitest.status).toBe(1);
  expect(said).toContain("normalize.ts is still to be written");
  expect(said).toContain("testing/index.ts is still to be written");
  const passed = Number(/"numPassedTests":(\d+)/u.exec(said)?.[1]);
  expect(passed).toBeGreaterThan(20);
});

it("fills in every name", async () => {
  const directory = folder();
  const files = await createAdapterPackage("carrier-pigeon", directory);
  for (const file of files) expect(readFileSync(join(directory, file), "utf8")).not.toContain("{{");
  expect(readFileSync(join(directory, "README.md"), "utf8")).toContain('env("CARRIER_PIGEON_TOKEN")');
});

it.each([
  ["cli/bad-name", "Carrier Pigeon", false],
  ["cli/bad-name", "telegram", false],
  ["cli/directory-in-use", "pigeon", true],
])("says %s, and writes nothing", async (code, name, inUse) => {
  const directory = folder();
  if (inUse) writeFileSync(join(directory, "mine.txt"), "mine");
  await expect(createAdapterPackage(name, directory)).rejects.toMatchObject({ code });
});
