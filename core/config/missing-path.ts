import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ConfigIssue } from "./config-error.ts";

/** Says when a folder or file that a setting names is not there, is something else, or cannot be read. */
export function missingPath(
  kind: "folder" | "file",
  path: string,
  setting: string,
  directory: string,
): readonly ConfigIssue[] {
  const full = resolve(directory, path);
  const fault = faultOf(full, kind);
  if (fault === undefined) return [];
  const fix =
    path === full
      ? "Create it, or correct the path."
      : `Create ${full}, or correct the path: it starts at the folder of the configuration.`;
  return [{ path: setting, message: fault, value: JSON.stringify(path), fix }];
}

function faultOf(path: string, kind: "folder" | "file"): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `there is no such ${kind}`;
  if (kind === "folder" ? !found.isDirectory() : !found.isFile()) return `this is no ${kind}`;
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch {
    return `this ${kind} cannot be read by this user`;
  }
}
