import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { adapterPackage, localPlatformOf } from "./adapter-package.ts";

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
  const from = project({ parleyjs: { adapterApi: 2 }, exports: { ".": { import: "./index.js" } } });
  const account = await adapterPackage("parley-adapter-pigeon", { from, name: "loft", settings: { wings: 2 } });
  expect(account).toMatchObject({
    name: "loft",
    settings: { wings: 2 },
    adapter: { manifest: { platform: "pigeon" } },
  });
});

it.each([
  ["an older", 1, /adapter API 1; this Parley speaks 2\. Install a newer version of the adapter/u],
  ["a newer", 7, /adapter API 7; this Parley speaks 2\. Update Parley/u],
])("refuses %s version of the contract before any of its code runs, naming both", async (_age, adapterApi, told) => {
  const from = project({ parleyjs: { adapterApi } }, 'throw new Error("must not run");');
  await expect(adapterPackage("parley-adapter-pigeon", { from })).rejects.toThrow(told);
});

it.each([
  ["adapter/package-not-found", {}, "parley-adapter-stork", CODE],
  ["adapter/package-no-adapter", {}, "parley-adapter-pigeon", CODE],
  ["adapter/package-no-adapter", { parleyjs: { adapterApi: 2 } }, "parley-adapter-pigeon", "export const other = 1;"],
])("says %s", async (code, manifest, name, source) => {
  await expect(adapterPackage(name, { from: project(manifest, source) })).rejects.toMatchObject({ code });
});

it("finds the local platform that a package exports from its ./testing", async () => {
  const exports = { ".": "./index.js", "./testing": { default: "./index.js" } };
  const from = project(
    { parleyjs: { adapterApi: 2 }, exports },
    `${CODE} export const openPigeonLocally = () => "open";`,
  );
  expect(await localPlatformOf("parley-adapter-pigeon", from)).toBeTypeOf("function");
});

it("says what is missing where a package has no local platform", async () => {
  const from = project({ parleyjs: { adapterApi: 2 } });
  await expect(localPlatformOf("parley-adapter-pigeon", from)).rejects.toThrow(/exports no function open…Locally/u);
});
