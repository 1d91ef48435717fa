import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { handOverSecret } from "./hand-over-secret.ts";

it("shows a secret in the terminal, and nowhere else", async () => {
  const directory = await temporaryFolder();
  const shown: string[] = [];
  const options = { isTerminal: true, directory, name: "one.link", show: (line: string) => shown.push(line) };
  expect(handOverSecret("https://example.org/#secret", options)).toBeUndefined();
  expect(shown).toEqual(["https://example.org/#secret"]);
  expect(() => statSync(join(directory, "one.link"))).toThrow(/ENOENT/u);
});

it("writes it where there is none, for its owner alone, whatever lay there", async () => {
  const directory = await temporaryFolder();
  const shown: string[] = [];
  const options = { isTerminal: false, directory, name: "one.link", show: (line: string) => shown.push(line) };
  const elsewhere = join(directory, "elsewhere");
  writeFileSync(elsewhere, "as it was", { mode: 0o644 });
  symlinkSync(elsewhere, join(directory, "one.link"));
  const path = handOverSecret("first", options) ?? "";
  expect(readFileSync(elsewhere, "utf8")).toBe("as it was");
  expect(handOverSecret("second", options)).toBe(path);
  expect(readFileSync(path, "utf8")).toBe("second\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(shown).toEqual([]);
});
