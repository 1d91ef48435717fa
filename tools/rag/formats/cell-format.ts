/** A spreadsheet's numbers as they are shown: 0.025 in a cell of per cent is 2.5 %, 45000 in one of dates is a day. */

/** Those of the built-in formats that show more than the number. */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  9: "0%",
  10: "0.00%",
  14: "yyyy-mm-dd",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm",
  19: "h:mm:ss",
  20: "h:mm",
  21: "h:mm:ss",
  22: "yyyy-mm-dd h:mm",
  39: "#,##0.00",
  40: "#,##0.00",
  45: "mm:ss",
  46: "h:mm:ss",
  47: "mm:ss",
};
const DAY_MS = 24 * 60 * 60_000;
const MOST_DECIMALS = 10;

export function builtInFormat(id: number): string {
  return BUILT_IN[id] ?? "General";
}

/** @param code such as `0.00%`, `#,##0.00 "€"`, `dd.mm.yyyy` @param is1904 whether days are counted from 1904 */
export function formatCell(value: number, code: string, is1904: boolean): string {
  const [section = ""] = code.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/u);
  const shown = section
    .replaceAll(/\[\$([^\]-]*)(?:-[^\]]*)?\]/gu, '"$1"')
    .replaceAll(/\[[^\]]*\]|[_*]./gu, "")
    .replaceAll(/\\(.)/gu, '"$1"');
  const signs = shown.replaceAll(/"[^"]*"/gu, "");
  if (/general|@/iu.test(signs) || signs.trim() === "") return plain(value);
  if (/[ymdhs]/iu.test(signs)) return formatDate(value, signs.toLowerCase(), is1904);
  const decimals = Math.min(MOST_DECIMALS, /\.([0#?]+)/u.exec(signs)?.[1]?.length ?? 0);
  if (!/[0#?]/u.test(signs) || /[0#?]\s*\/|e[+-]/iu.test(signs)) return plain(value);
  const isPercent = signs.includes("%");
  const figure = (isPercent ? value * 100 : value).toFixed(decimals);
  const [before, after] = around(shown);
  return `${before}${figure}${isPercent ? " %" : ""}${after}`.trim();
}

/** Words such as a currency before and after the figure. */
function around(shown: string): readonly [string, string] {
  const parts = shown.split(/[0#?][0#?.,]*/u);
  const words = (part: string): string =>
    part
      .replaceAll(/"([^"]*)"/gu, "$1")
      .replaceAll(/[%()]/gu, "")
      .replaceAll(/\s+/gu, " ");
  const [first = "", ...rest] = parts;
  return [words(first), words(rest.join(""))];
}

/** Without the noise of binary fractions. */
function plain(value: number): string {
  return String(Number(value.toPrecision(15)));
}

function formatDate(value: number, signs: string, is1904: boolean): string {
  const begin = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const time = new Date(begin + Math.round(value * DAY_MS));
  if (Number.isNaN(time.getTime())) return plain(value);
  const iso = time.toISOString();
  const hasTime = /[hs]/u.test(signs);
  const hasDay = /[yd]/u.test(signs) || !hasTime;
  return [...(hasDay ? [iso.slice(0, 10)] : []), ...(hasTime ? [iso.slice(11, 16)] : [])].join(" ");
}
