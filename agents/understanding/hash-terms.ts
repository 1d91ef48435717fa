/** Terms as numbers of 32 bits: a vocabulary of hashes takes a tenth of one of strings, and no term is ever cut out of its text. */

const PRIME = 0x01_00_01_93;

/** The beginning of a term of a kind. */
export function beginTerm(kind: number): number {
  return Math.imul(0x81_1c_9d_c5 ^ kind, PRIME);
}

/** The term with one more UTF-16 unit (FNV-1a). */
export function extendTerm(term: number, unit: number): number {
  return Math.imul(term ^ unit, PRIME);
}

/** The whole term with more of a text. */
export function extendByText(term: number, text: string): number {
  let extended = term;
  for (let at = 0; at < text.length; at += 1) extended = extendTerm(extended, text.charCodeAt(at));
  return extended;
}

/** The finished number: short terms differ in few bits, which are spread over all of them (MurmurHash3). */
export function finishTerm(term: number): number {
  let mixed = Math.imul(term ^ (term >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
