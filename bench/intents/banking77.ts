/** Banking77: messages of bank customers in 77 intents, which nobody of this project wrote (PolyAI, CC BY 4.0). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Example } from "../../agents/understanding/linear-classifier.ts";

/** Reads the training part, the only one that is at hand. Throws where the folder has none. */
export function readBanking77(folder: string): readonly Example[] {
  const table = readFileSync(join(folder, "train.csv"), "utf8");
  const rows = table
    .slice(table.indexOf("\n") + 1)
    .matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*)),([a-zA-Z_?]+)\r?(?:\n|$)/gu);
  return [...rows].map(([, quoted, plain = "", label = ""]) => ({
    text: quoted?.replaceAll('""', '"') ?? plain,
    label,
  }));
}

/** Every tenth message of each intent, and the others. */
export function split(examples: readonly Example[]): {
  readonly learned: readonly Example[];
  readonly asked: readonly Example[];
} {
  const seen = new Map<string, number>();
  const isAsked = examples.map(({ label }) => {
    const position = seen.get(label) ?? 0;
    seen.set(label, position + 1);
    return position % 10 === 0;
  });
  return {
    learned: examples.filter((_example, row) => isAsked[row] !== true),
    asked: examples.filter((_example, row) => isAsked[row] === true),
  };
}
