/** Words of a question as documents have them: slips of the keyboard mended, German compounds taken apart and found in others. */
import { isNear } from "../../core/language/misspelt.ts";
import { withoutGermanEnding } from "./query-terms.ts";
import type { Alternative, Synonyms } from "./synonyms.ts";

/** What words are compared with. */
export interface Vocabulary {
  /** Stems that stand in documents. */
  readonly stems: ReadonlySet<string>;
  readonly synonyms: Synonyms;
  readonly stemOf: (term: string) => string;
}

/** Shorter words become other ones when a letter changes. */
const LONG_ENOUGH = 6;
const LONG = 10;
/** So many letters each part of a compound has, and whatever stands in another one. */
const LEAST_PART = 4;
/** What may join the parts of a compound. */
const JOINT = /(?:es|s|en|n)$/u;

/** The terms that documents have, in the place of each that none has. */
export function knownTerms(terms: readonly string[], vocabulary: Vocabulary): readonly string[] {
  return [
    ...new Set(
      terms.flatMap((term) => {
        if (term.length < LONG_ENOUGH || /\p{N}/u.test(term) || isKnown(term, vocabulary)) return [term];
        return partsOf(term, vocabulary) ?? nearest(term, vocabulary) ?? [term];
      }),
    ),
  ];
}

function isKnown(term: string, { stems, synonyms, stemOf }: Vocabulary): boolean {
  const stem = stemOf(term);
  const plain = withoutGermanEnding(stem);
  return [stem, plain].some((one) => stems.has(one) || synonyms(one).length > 0);
}

/** "Dispozinsen": "dispo" and "zinsen", the longest first part that leaves a known one. */
function partsOf(term: string, vocabulary: Vocabulary): readonly string[] | undefined {
  for (let at = term.length - LEAST_PART; at >= LEAST_PART; at -= 1) {
    const [first, last] = [term.slice(0, at), term.slice(at)];
    const known = [first, first.replace(JOINT, "")].find((one) => one.length >= LEAST_PART && isKnown(one, vocabulary));
    if (known !== undefined && isKnown(last, vocabulary)) return [known, last];
  }
  return undefined;
}

/** "Überweissung": what differs by a letter, of long words by two. */
function nearest(term: string, { stems, stemOf }: Vocabulary): readonly string[] | undefined {
  const stem = stemOf(term);
  const most = stem.length >= LONG ? 2 : 1;
  const near = [...stems].find((one) => one.length >= LONG_ENOUGH - 1 && one[0] === stem[0] && isNear(one, stem, most));
  return near === undefined ? undefined : [near];
}

/** The synonyms, and what a word is compounded with: "Limit" stands in "Überweisungslimit". */
export function withCompounds(synonyms: Synonyms, stems: ReadonlySet<string>): Synonyms {
  const found = new Map<string, readonly Alternative[]>();
  return (stem) => {
    const known = found.get(stem) ?? [
      ...synonyms(stem),
      ...(stem.length < LEAST_PART ? [] : compoundsOf(stem, stems)).map((text) => ({ text, stems: [text] })),
    ];
    found.set(stem, known);
    return known;
  };
}

function compoundsOf(stem: string, stems: ReadonlySet<string>): readonly string[] {
  return [...stems].filter((one) => {
    const plain = withoutGermanEnding(one);
    return plain.length >= stem.length + LEAST_PART && (plain.endsWith(stem) || plain.startsWith(stem));
  });
}
