/** What a page draws beside its text: the lines and boxes of tables; and which of its fonts are bold. */
import type { getDocumentProxy } from "unpdf";
import { z } from "zod";

/** A horizontal or vertical line, or an edge of a box, in points from the left and the top. */
export interface Ruling {
  readonly kind: "horizontal" | "vertical";
  /** Its distance from the top, or of a vertical one from the left. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Drawing {
  readonly rulings: readonly Ruling[];
  readonly bold: ReadonlyMap<string, boolean>;
  /** How much there was to draw. */
  readonly steps: number;
}

type Document = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Document["getPage"]>>;

/** A page with more lines than this is a picture and no table. */
const MOST_RULINGS = 4_000;
/** Shorter lines are parts of signs or thin ends of others. */
const SHORTEST = 6;

const Matrix = z.array(z.number()).length(6);
const Numbers = z.union([z.array(z.number()), z.instanceof(Float32Array), z.instanceof(Float64Array)]);
const Path = z.tuple([z.number(), z.tuple([Numbers.nullable()])], z.unknown());
const Form = z.tuple([Matrix.or(z.instanceof(Float32Array)).nullable()], z.unknown());
const Font = z.object({ name: z.string() });

export async function readDrawing(page: Page, view: readonly number[], fonts: ReadonlySet<string>): Promise<Drawing> {
  lendTransfer();
  const { getResolvedPDFJS } = await import("unpdf");
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  const shown = new Set([OPS.stroke, OPS.closeStroke, OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke]);
  const saved: (readonly number[])[] = [];
  const rulings: Ruling[] = [];
  let now = view;
  const draw = new Map<number, (values: unknown) => void>([
    [OPS.save, () => void saved.push(now)],
    [OPS.restore, () => void (now = saved.pop() ?? view)],
    [OPS.transform, (values) => void (now = multiply(now, Matrix.safeParse(values).data ?? UNCHANGED))],
    [OPS.paintFormXObjectEnd, () => void (now = saved.pop() ?? view)],
    [
      OPS.paintFormXObjectBegin,
      (values) => {
        saved.push(now);
        now = multiply(now, [...(Form.safeParse(values).data?.[0] ?? UNCHANGED)]);
      },
    ],
    [
      OPS.constructPath,
      (values) => {
        const path = Path.safeParse(values).data;
        if (path !== undefined && shown.has(path[0])) rulings.push(...edgesOf(path[1][0] ?? [], now));
      },
    ],
  ]);
  for (const [index, step] of fnArray.entries()) {
    draw.get(step)?.(argsArray[index]);
    if (rulings.length > MOST_RULINGS) break;
  }
  const bold = new Map([...fonts].flatMap((font) => isBold(page, font)));
  return { rulings: rulings.length > MOST_RULINGS ? [] : rulings, bold, steps: fnArray.length };
}

const UNCHANGED = [1, 0, 0, 1, 0, 0];

/** How many numbers follow each command of a path: move, line, two kinds of curves, close. */
const LENGTHS = [2, 2, 6, 4, 0];

function edgesOf(path: ArrayLike<number>, matrix: readonly number[]): readonly Ruling[] {
  const edges: Ruling[] = [];
  let [startX, startY, x, y] = [0, 0, 0, 0];
  let at = 0;
  while (at < path.length) {
    const command = path[at] ?? 0;
    const length = LENGTHS[command];
    if (length === undefined) return edges;
    const [toX, toY] =
      length === 0 ? [startX, startY] : toPage(matrix, path[at + length - 1] ?? 0, path[at + length] ?? 0);
    if (command === 0) [startX, startY] = [toX, toY];
    else if (command === 1 || length === 0) edges.push(...ruling(x, y, toX, toY));
    [x, y] = [toX, toY];
    at += 1 + length;
  }
  return edges;
}

function toPage(matrix: readonly number[], x: number, y: number): readonly [number, number] {
  const [, , , , pageX, pageY] = multiply(matrix, [1, 0, 0, 1, x, y]);
  return [pageX, pageY];
}

// oxlint-disable-next-line max-params -- two points
function ruling(x: number, y: number, toX: number, toY: number): readonly Ruling[] {
  const [wide, high] = [Math.abs(toX - x), Math.abs(toY - y)];
  if (high < 1 && wide > SHORTEST) return [{ kind: "horizontal", at: y, from: Math.min(x, toX), to: Math.max(x, toX) }];
  if (wide < 1 && high > SHORTEST) return [{ kind: "vertical", at: x, from: Math.min(y, toY), to: Math.max(y, toY) }];
  return [];
}

/** One transformation after another, as PDF writes them. */
export function multiply(outer: readonly number[], inner: readonly number[]) {
  const at = (matrix: readonly number[], index: number): number => matrix[index] ?? 0;
  const row = (first: number, second: number, index: number): number =>
    at(outer, index) * at(inner, first) + at(outer, index + 2) * at(inner, second);
  return [
    row(0, 1, 0),
    row(0, 1, 1),
    row(2, 3, 0),
    row(2, 3, 1),
    row(4, 5, 0) + at(outer, 4),
    row(4, 5, 1) + at(outer, 5),
  ] as const;
}

function isBold(page: Page, font: string): readonly (readonly [string, boolean])[] {
  if (!page.commonObjs.has(font)) return [];
  const name = Font.safeParse(page.commonObjs.get(font)).data?.name;
  return name === undefined ? [] : [[font, /bold|black|heavy|demi/i.test(name)]];
}

/** PDF.js needs it to prepare fonts; Node 20 does not have it. */
function lendTransfer(): void {
  if ("transferToFixedLength" in ArrayBuffer.prototype) return;
  // oxlint-disable-next-line no-extend-native -- in a process of its own, that does nothing else
  Object.defineProperty(ArrayBuffer.prototype, "transferToFixedLength", {
    value(this: ArrayBuffer, length: number): ArrayBuffer {
      return this.slice(0, length);
    },
  });
}
