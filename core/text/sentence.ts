/** Sentences from templates. */

/** One of these: always the same for the same seed, others for others. */
export function chosen(sentences: readonly string[], seed: string): string | undefined {
  let sum = 0;
  for (const character of seed) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sentences[sum % Math.max(1, sentences.length)];
}

/** The template with these in the place of its braces. Throws `RangeError` for a brace that nothing is given for. */
export function filledIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`Nothing is given for {${name}} in ${JSON.stringify(template)}.`);
    return value;
  });
}
