import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../test/support/bank-chat.ts";
import { givenFile } from "./given-file.ts";

it("gives the whole path of a file, and says of anything else why it cannot be read", () => {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  const file = join(path, "users.jsonl");
  writeFileSync(file, "");
  expect(givenFile(file)).toBe(file);
  expect(() => givenFile(join(path, "nope.jsonl"))).toThrow(`${join(path, "nope.jsonl")} cannot be read: there is no`);
  expect(() => givenFile(join(file, "in-a-file"))).toThrow(/there is no such file/u);
  expect(() => givenFile(path)).toThrow(/it is a folder/u);
});
