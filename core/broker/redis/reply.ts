/** Narrows what Redis answers to our own scripts. A wrong shape is a mistake of ours, so it throws. */

export function asNumber(reply: unknown): number {
  const value = Number(reply);
  if (reply === null || !Number.isFinite(value)) throw unexpected("a number", reply);
  return value;
}

export function asText(reply: unknown): string {
  if (typeof reply !== "string") throw unexpected("a text", reply);
  return reply;
}

export function asList(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unexpected("a list", reply);
  return reply;
}

export function asTexts(reply: unknown): readonly string[] {
  return asList(reply).map(asText);
}

export function asNumbers(reply: unknown): readonly number[] {
  return asList(reply).map(asNumber);
}

/** One stream entry: its id and its fields. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** What XRANGE answers. */
export function asEntries(reply: unknown): readonly StreamEntry[] {
  return asList(reply).map((entry) => {
    const [id, flat] = asList(entry);
    const texts = asTexts(flat);
    const fields = new Map<string, string>();
    for (let index = 0; index + 1 < texts.length; index += 2) fields.set(texts[index] ?? "", texts[index + 1] ?? "");
    return { id: asText(id), fields };
  });
}

/** What XREAD answers: entries by key. */
export function asStreams(reply: unknown): ReadonlyMap<string, readonly StreamEntry[]> {
  if (reply === null || reply === undefined) return new Map();
  return new Map(
    asList(reply).map((stream) => {
      const [key, entries] = asList(stream);
      return [asText(key), asEntries(entries)] as const;
    }),
  );
}

function unexpected(wanted: string, reply: unknown): TypeError {
  return new TypeError(`Redis answered ${reply === null ? "nil" : typeof reply} where ${wanted} was expected.`);
}
