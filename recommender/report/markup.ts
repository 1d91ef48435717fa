/** Pieces of HTML and SVG as strings. Everything that comes from data goes through `escape`. */

/** Text that is safe between tags and in quoted attributes. */
export const escape = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** Four significant places for shares, fewer for what is large; a dash for what is no number. */
export function format(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(4);
}

/** A table; the first cell of a row is its header. `marked` rows stand out. */
export function table(
  columns: readonly string[],
  rows: readonly { readonly cells: readonly string[]; readonly marked: boolean }[],
): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join("");
  const body = rows.map(({ cells: [first = "", ...rest], marked }) => {
    const values = rest.map((cell) => `<td>${escape(cell)}</td>`).join("");
    return `<tr${marked ? ' class="marked"' : ""}><th scope="row">${escape(first)}</th>${values}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** A picture with words for those who cannot see it. */
export function figure(title: string, caption: string, drawing: Drawing): string {
  return `<figure><h3>${escape(title)}</h3><p>${escape(caption)}</p>
<svg viewBox="0 0 ${drawing.width} ${drawing.height}" role="img" aria-label="${escape(`${title}. ${caption}`)}">
${drawing.shapes.join("\n")}
</svg></figure>`;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly string[];
}

export type Anchor = "start" | "middle" | "end";

/** Text at a place, its middle on the line. */
export const label = (x: number, y: number, words: string, { anchor = "start", kind = "" }: LabelStyle = {}): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" dominant-baseline="central" class="${kind}">${escape(words)}</text>`;

interface LabelStyle {
  readonly anchor?: Anchor;
  readonly kind?: string;
}

export const line = (from: readonly [number, number], to: readonly [number, number], kind: string): string =>
  `<line x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}" class="${kind}"/>`;

export const dot = (x: number, y: number, kind: string, words: string): string =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="5" class="${kind}"><title>${escape(words)}</title></circle>`;

export const bar = (x: number, y: number, [width, height]: readonly [number, number], kind: string): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(height)}" rx="2" class="${kind}"/>`;

const round = (value: number): number => Math.round(value * 100) / 100;
