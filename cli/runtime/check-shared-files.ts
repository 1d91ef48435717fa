import { hostname } from "node:os";
import type { Check } from "../../core/check.ts";
import type { ParleyConfig } from "../../core/config/index.ts";
import { isHere, type ProcessRecord } from "./process-record.ts";

/**
 * For `doctor`: several machines that share messages and tables, and not the files. Each would look in a directory of its own for
 * what another one was sent. One that all of them have mounted is fine, which nobody can tell from here.
 */
export function checkSharedFiles(
  { broker, store, files, dataDirectory }: Pick<ParleyConfig, "broker" | "store" | "files" | "dataDirectory">,
  processes: readonly Pick<ProcessRecord, "process" | "host">[],
): readonly Check[] {
  if (broker.kind !== "redis" || store.kind !== "postgres" || files.kind !== "directory") return [];
  const others = processes.filter((one) => !isHere(one)).map(({ host }) => host);
  if (others.length === 0) return [];
  const hosts = [hostname(), ...new Set(others)];
  return [
    {
      name: "shared files",
      status: "warning",
      detail:
        `files are kept in ${dataDirectory} of each machine, and this installation has ${hosts.length} (${hosts.join(", ")}): what people ` +
        "send to one cannot be opened on another, models and sessions are not found there, and each signs the audit with a key of its own",
      remedy:
        "Set files: s3({ … }), and run there: parley store copy. Nothing is to be done where all machines have this directory mounted.",
    },
  ];
}
