/** Each test that docs/security.md names is there, under this name. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageDirectory } from "../../core/package-directory.ts";

const read = (path: string): string => readFileSync(join(packageDirectory(), path), "utf8");
const oneLine = (text: string): string => text.replaceAll(/\s+/gu, " ");

/** Files of tests with the names that stand behind them, up to the next file. */
function named(text: string): readonly (readonly [file: string, test: string])[] {
  return [...oneLine(text).matchAll(/`([\w./-]+\.test\.ts)`((?:,? "[^"]+")*)/gu)].flatMap(([, file = "", names = ""]) =>
    [...names.matchAll(/"([^"]+)"/gu)].map(([, test = ""]) => [file, test] as const),
  );
}

const shown = named(read("docs/security.md"));

it("docs/security.md names tests", () => {
  expect(shown.length).toBeGreaterThan(60);
});

it.each(shown)("%s has “%s”", (file, test) => {
  expect(existsSync(join(packageDirectory(), file))).toBe(true);
  const titles = [...read(file).matchAll(/"((?:[^"\\\n]|\\.)*)"/gu)].map(([, title = ""]) => title);
  expect(titles).toContain(test);
});
