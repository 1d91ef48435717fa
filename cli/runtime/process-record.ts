/** What the processes of an installation run, as each writes down about itself: for `doctor` and `plan`. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isGone, ProcessIdentity, processIdentity } from "../../core/broker/process-identity.ts";
import type { ConfigDescription } from "../../core/config/index.ts";
import { packageVersion } from "../../core/package-directory.ts";

const APPLIED = "applied-config.json";

/** Variables that win over the file; another shell need not have them. */
const WINNING = ["HOST", "PORT"] as const;

const ProcessRecord = z.object({
  process: ProcessIdentity,
  version: z.string(),
  /** ISO 8601. */
  since: z.string(),
  roles: z.array(z.string()),
  /** Where its gateway listens; left out where it has none. */
  url: z.string().optional(),
  /** What its environment says where it wins over the file. */
  variables: z.partialRecord(z.enum(WINNING), z.string()),
  /** The configuration that it runs. */
  config: z.record(z.string(), z.unknown()),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

/** Keeps the record of this process up to date. */
export interface OwnRecord {
  readonly write: (config: ConfigDescription) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes the record of this process; nothing is written before `write`. */
export function ownRecord(
  dataDirectory: string,
  {
    roles,
    url,
    since,
  }: { readonly roles: readonly string[]; readonly url: string | undefined; readonly since: string },
): OwnRecord {
  const own = processIdentity();
  const path = join(folderOf(dataDirectory), `${own.machine}-${own.pid}.json`);
  const variables = Object.fromEntries(
    WINNING.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
  );
  return {
    write: async (config) => {
      const record = { process: own, version: packageVersion(), since, roles, url, variables, config };
      await mkdir(folderOf(dataDirectory), { recursive: true, mode: 0o700 });
      for (const target of [path, join(dataDirectory, APPLIED)]) {
        await writeFile(`${target}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
        await rename(`${target}.new`, target);
      }
    },
    remove: async () => await rm(path, { force: true }),
  };
}

/** What was applied last, whether its process lives or not; undefined where nothing was. */
export async function lastApplied(dataDirectory: string): Promise<ProcessRecord | undefined> {
  return await readRecord(join(dataDirectory, APPLIED));
}

/** The processes that live, the latest first. What dead ones of this machine left behind is cleared away. */
export async function livingProcesses(dataDirectory: string): Promise<readonly ProcessRecord[]> {
  const folder = folderOf(dataDirectory);
  const names = await readdir(folder).catch(() => []);
  const records = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map(async (name) => {
        const record = await readRecord(join(folder, name));
        if (record === undefined || !isGone(record.process)) return record;
        await rm(join(folder, name), { force: true });
        return undefined;
      }),
  );
  return records.filter((record) => record !== undefined).toSorted((a, b) => (a.since < b.since ? 1 : -1));
}

/** The environment as the process has it, as far as it decides over settings. */
export function environmentOf({ variables }: ProcessRecord): NodeJS.ProcessEnv {
  const unset = Object.fromEntries(WINNING.map((name) => [name, ""]));
  return { ...process.env, ...unset, ...variables };
}

async function readRecord(path: string): Promise<ProcessRecord | undefined> {
  try {
    return ProcessRecord.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    // None is there, another version wrote it, or it was cut off: nothing is known then.
    return undefined;
  }
}

function folderOf(dataDirectory: string): string {
  return join(dataDirectory, "processes");
}
