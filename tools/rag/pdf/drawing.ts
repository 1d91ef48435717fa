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

/** The middle of a sign that is drawn and not written, as browsers draw the bullets of lists; in points. */
export interface Mark {
  readonly x: number;
  readonly y: number;
}

export interface Drawing {
  readonly rulings: readonly Ruling[];
  readonly marks: readonly Mark[];
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
/** Bullets are about a third of the font height wide. */
const MARK = { smallest: 1.5, largest: 7, steps: 24 };

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
  const marks: Mark[] = [];
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
        if (path === undefined || !shown.has(path[0])) return;
        const steps = stepsOf(path[1][0] ?? [], now);
        rulings.push(...edgesOf(steps));
        marks.push(...markOf(steps));
      },
    ],
  ]);
  for (const [index, step] of fnArray.entries()) {
    draw.get(step)?.(argsArray[index]);
    if (rulings.length + marks.length > MOST_RULINGS) break;
  }
  const bold = new Map([...fonts].flatMap((font) => isBold(page, font)));
  const isPicture = rulings.length + marks.length > MOST_RULINGS;
  return { ...(isPicture ? { rulings: [], marks: [] } : { rulings, marks }), bold, steps: fnArray.length };
}

const UNCHANGED = [1, 0, 0, 1, 0, 0];

/** How many numbers follow each command of a path: move, line, two kinds of curves, close. */
const LENGTHS = [2, 2, 6, 4, 0];

/** One step of a path to a place on the page. */
interface Step extends Mark {
  readonly kind: "move" | "line" | "curve";
}

function stepsOf(path: ArrayLike<number>, matrix: readonly number[]): readonly Step[] {
  const steps: Step[] = [];
  let start: Mark = { x: 0, y: 0 };
  let at = 0;
  while (at < path.length) {
    const command = path[at] ?? 0;
    const length = LENGTHS[command];
    if (length === undefined) return steps;
    const place = length === 0 ? start : toPage(matrix, path[at + length - 1] ?? 0, path[at + length] ?? 0);
    if (command === 0) start = place;
    steps.push({ ...place, kind: command === 0 ? "move" : command === 1 || length === 0 ? "line" : "curve" });
    at += 1 + length;
  }
  return steps;
}

function edgesOf(steps: readonly Step[]): readonly Ruling[] {
  return steps.slice(1).flatMap((step, index) => {
    const before = steps[index];
    return step.kind === "line" && before !== undefined ? ruling(before.x, before.y, step.x, step.y) : [];
  });
}

/** A small round or square shape. */
function markOf(steps: readonly Step[]): readonly Mark[] {
  if (steps.length < 4 || steps.length > MARK.steps) return [];
  const [left, right] = [Math.min(...steps.map(({ x }) => x)), Math.max(...steps.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...steps.map(({ y }) => y)), Math.max(...steps.map(({ y }) => y))];
  const [wide, high] = [right - left, bottom - top];
  const isSmall = Math.min(wide, high) > MARK.smallest && Math.max(wide, high) < MARK.largest;
  return isSmall && Math.abs(wide - high) < 1 ? [{ x: (left + right) / 2, y: (top + bottom) / 2 }] : [];
}

function toPage(matrix: readonly number[], x: number, y: number): Mark {
  const [, , , , pageX, pageY] = multiply(matrix, [1, 0, 0, 1, x, y]);
  return { x: pageX, y: pageY };
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
