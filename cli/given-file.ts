import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidInputError } from "../core/errors.ts";

/** The path of a file to read that somebody named. Throws `cli/unreadable-file` where there is none. */
export function givenFile(file: string): string {
  const path = resolve(file);
  const fault = faultOf(path);
  if (fault === undefined) return path;
  throw new InvalidInputError("cli/unreadable-file", `${path} cannot be read: ${fault}. Correct the path.`);
}

function faultOf(path: string): string | undefined {
  try {
    if (statSync(path).isDirectory()) return "it is a folder; name a file in it";
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    return code === "EACCES" || code === "EPERM" ? "this user may not read it" : "there is no such file";
  }
}
