/** The tables of one module, and how older ones become these. */
import { ParleyError } from "../../errors.ts";
import type { Definitions } from "./definitions.ts";

export interface Module {
  /** Unique over the installation: several modules share a database. */
  readonly name: string;
  /** Counts up with every change of `tables`. */
  readonly version: number;
  /** The tables as they are now, for a fresh database. */
  readonly tables: (definitions: Definitions) => string;
  /** One step for each earlier version that can be taken over. A released step is never changed. */
  readonly upgrades?: readonly Upgrade[];
}

/** Brings tables of one version to the next one given here, or to `Module.version`. */
export interface Upgrade {
  /** The module that these tables were of, in SQLite files, before this one took its place. @default this one */
  readonly of?: string;
  readonly from: number;
  readonly to: number;
  readonly sql: (definitions: Definitions) => string;
}

export interface MigrationStep {
  readonly from: number;
  readonly to: number;
  readonly sql: string;
}

/**
 * What is to be run for a database that has this version (0: none); undefined where nothing is. Throws
 * `store/newer-database` or `store/older-database`, which name the place and the way out.
 */
export function nextStep(
  module: Module,
  found: number,
  options: {
    readonly dialect: Definitions;
    readonly place: string;
    /** The version of another module's tables there. */
    readonly versionOf?: (module: string) => number;
  },
): MigrationStep | undefined {
  const { name, version, tables, upgrades = [] } = module;
  const { dialect, place, versionOf = () => 0 } = options;
  if (found === version) return undefined;
  if (found === 0) {
    const former = upgrades.find(({ of }) => of !== undefined && versionOf(of) > 0);
    if (former?.of === undefined) return { from: 0, to: version, sql: tables(dialect) };
    if (versionOf(former.of) === former.from) return { from: 0, to: former.to, sql: former.sql(dialect) };
    throw olderDatabase(place, { name: former.of, found: versionOf(former.of) });
  }
  if (found > version) {
    throw new ParleyError(
      "store/newer-database",
      `${place}: the "${name}" tables have version ${found}, this Parley knows up to ${version}. ` +
        "Install the Parley version that wrote it, or restore a copy made before the upgrade.",
    );
  }
  const upgrade = upgrades.find(({ of, from }) => of === undefined && from === found);
  if (upgrade !== undefined) return { from: found, to: upgrade.to, sql: upgrade.sql(dialect) };
  throw olderDatabase(place, { name, found });
}

function olderDatabase(place: string, { name, found }: { readonly name: string; readonly found: number }): ParleyError {
  return new ParleyError(
    "store/older-database",
    `${place}: the "${name}" tables have version ${found}, which this Parley cannot take over any more. ` +
      "Start the Parley version between them once, or move the data aside to begin anew.",
  );
}
