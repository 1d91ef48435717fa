/** A single word that is shorter is no name of anything. */
const SHORTEST_PART = 3;

/**
 * People call things by a part of their name: each part that only one of these has is a name of it, unless it means
 * something else by itself (`taken`, in lower case). By whole name; parts are in lower case without accents.
 */
export function ownParts(
  names: readonly string[],
  taken: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, Set<string>>();
  for (const name of names) {
    for (const part of partsOfName(name)) owners.set(part, (owners.get(part) ?? new Set()).add(name));
  }
  return new Map(
    names.map((name) => [name, partsOfName(name).filter((part) => owners.get(part)?.size === 1 && !taken.has(part))]),
  );
}

/** Every run of its words that is no single short one. */
export function partsOfName(name: string): readonly string[] {
  const words = wordsIn(name);
  const runs = words.flatMap((_, from) =>
    words.slice(from).map((_word, length) => words.slice(from, from + length + 1)),
  );
  return runs
    .filter(({ length, 0: first = "" }) => length > 1 || first.length >= SHORTEST_PART)
    .map((run) => run.join(" "));
}

function wordsIn(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}
