/** Tells narrow gaps between the columns of a table from wide blanks. */
import type { Piece } from "./read-pages.ts";

/** A gap this wide, in font heights, parts columns where several lines have it at one place; blanks are narrower. */
const NARROWEST = 0.45;
/** So many lines begin a text at the place. */
const FEWEST = 3;
/** Lines further away, in font heights, are of another table. */
const NEAR = 12;
/** How far apart texts may begin that stand below each other, in points. */
const SLACK = 1.5;
/** A page of more is a picture. */
const MOST_PIECES = 20_000;
const BAND = 10;

/** Answers whether a column begins at a piece, which stands behind another one. */
export function guttersOf(pieces: readonly Piece[]): (before: Piece, piece: Piece) => boolean {
  const texts = pieces.length > MOST_PIECES ? [] : pieces.filter(({ text }) => text.trim() !== "");
  const bands = new Map<number, Piece[]>();
  for (const piece of texts) {
    const band = Math.floor(piece.y / BAND);
    const own = bands.get(band);
    if (own === undefined) bands.set(band, [piece]);
    else own.push(piece);
  }
  const near = ({ y, size }: Piece): readonly Piece[] => {
    const [from, to] = [y - NEAR * size, y + NEAR * size].map((at) => Math.floor(at / BAND));
    const numbers = Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, index) => (from ?? 0) + index);
    return numbers.flatMap((band) => bands.get(band) ?? []);
  };
  const behindGap = new Set(
    texts.filter((piece, index) => {
      const before = texts[index - 1];
      const isNext = before !== undefined && Math.abs(before.y - piece.y) < 1 && piece.x > before.x;
      return !isNext || isGap(before, piece);
    }),
  );
  return (before, piece) => {
    if (!isGap(before, piece)) return false;
    const around = near(piece);
    const begin = around.filter((one) => behindGap.has(one) && Math.abs(one.x - piece.x) < SLACK);
    const crossing = around.filter((one) => one.x < piece.x - SLACK && one.right > piece.x + SLACK);
    return linesIn(begin) >= Math.max(FEWEST, FEWEST * linesIn(crossing));
  };
}

const linesIn = (pieces: readonly Piece[]): number => new Set(pieces.map(({ y }) => Math.round(y))).size;

const isGap = (before: Piece, piece: Piece): boolean =>
  piece.x - before.right > NARROWEST * Math.max(before.size, piece.size);
