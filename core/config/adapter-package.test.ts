import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { adapterPackage } from "./adapter-package.ts";

const CODE = `export const adapter = { manifest: { platform: "pigeon" }, configSchema: {}, bind: () => ({}) };`;

/** A project with one installed package. */
function project(manifest: object, code = CODE): string {
  const directory = mkdtempSync(join(tmpdir(), "parley-package-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const folder = join(directory, "node_modules", "parley-adapter-pigeon");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", exports: "./index.js", ...manifest }));
  writeFileSync(join(folder, "index.js"), code);
  return directory;
}

it("gives an account on the package's adapter", async () => {
  const from = project({ parley: { adapterApi: 1 }, exports: { ".": { import: "./index.js" } } });
  const account = await adapterPackage("parley-adapter-pigeon", { from, name: "loft", settings: { wings: 2 } });
  expect(account).toMatchObject({
    name: "loft",
    settings: { wings: 2 },
    adapter: { manifest: { platform: "pigeon" } },
  });
});

it("refuses another version of the contract before any of its code runs, naming both", async () => {
  const from = project({ parley: { adapterApi: 7 } }, 'throw new Error("must not run");');
  await expect(adapterPackage("parley-adapter-pigeon", { from })).rejects.toThrow(
    /adapter API 7; this Parley speaks 1/u,
  );
});

it.each([
  ["adapter/package-not-found", {}, "parley-adapter-stork", CODE],
  ["adapter/package-no-adapter", {}, "parley-adapter-pigeon", CODE],
  ["adapter/package-no-adapter", { parley: { adapterApi: 1 } }, "parley-adapter-pigeon", "export const other = 1;"],
])("says %s", async (code, manifest, name, source) => {
  await expect(adapterPackage(name, { from: project(manifest, source) })).rejects.toMatchObject({ code });
});
