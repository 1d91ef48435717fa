import { ParleyError } from "../../core/errors.ts";

interface Named {
  readonly id: string;
  readonly kind: string;
}

/** Those with these ids or kinds, separated by commas; all where none is named. Throws where a name is of none. */
export function chosen<One extends Named>(scripts: readonly One[], only: string | undefined): readonly One[] {
  if (only === undefined) return scripts;
  const names = only.split(",").map((name) => name.trim());
  const isNamed = (name: string) => (script: One) => script.id === name || script.kind === name;
  const unknown = names.filter((name) => !scripts.some(isNamed(name)));
  if (unknown.length > 0) {
    const kinds = [...new Set(scripts.map(({ kind }) => kind))].toSorted().join(", ");
    const named = unknown.map((name) => `"${name}"`).join(", ");
    throw new ParleyError(
      "evaluation/unknown-name",
      `No conversation has the id or kind ${named}. Kinds are: ${kinds}.`,
    );
  }
  return scripts.filter((script) => names.some((name) => isNamed(name)(script)));
}
