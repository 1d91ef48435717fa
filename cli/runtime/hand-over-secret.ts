import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Shows a secret once: in the terminal, or where there is none (a service, a pipe, a log) in a new file that its owner
 * alone can read. Gives the file.
 */
export function handOverSecret(
  secret: string,
  {
    isTerminal,
    directory,
    name,
    show,
  }: {
    readonly isTerminal: boolean;
    readonly directory: string;
    /** Of the file; one of that name before is replaced. */
    readonly name: string;
    readonly show: (line: string) => void;
  },
): string | undefined {
  if (isTerminal) {
    show(secret);
    return undefined;
  }
  const path = join(directory, name);
  // Made anew: neither a link that lies there nor the permissions of an earlier file count.
  rmSync(path, { force: true });
  writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: "wx" });
  return path;
}
