/** Reads spreadsheets: each sheet is a section, each group of rows between empty ones a table. */
import { posix } from "node:path";
import { titleFromPath, type Block, type ReadDocument } from "../document.ts";
import { unpack, type Archive } from "./archive.ts";
import { builtInFormat } from "./cell-format.ts";
import { createAnchors } from "../anchors.ts";
import { officeFacts } from "./docx.ts";
import { needReaders } from "./packages.ts";
import { namesColumns, tableBlocks, type Row } from "./table-blocks.ts";
import { readXml, type XmlHandler } from "./xml.ts";
import { readSheet, type Book } from "./xlsx-sheet.ts";

const READ_PARTS = /^(?:xl\/(?:workbook\.xml|_rels\/|sharedStrings\.xml|styles\.xml|worksheets\/)|docProps\/core)/iu;
const MOST_SHEETS = 100;

interface Sheet {
  readonly name: string;
  readonly relation: string;
  readonly isHidden: boolean;
}

export async function readXlsx(bytes: Uint8Array, path: string): Promise<ReadDocument & { readonly problem?: string }> {
  needReaders("xlsx");
  const archive = await unpack(bytes, (name) => READ_PARTS.test(name));
  const { sheets, is1904 } = await readWorkbook(archive);
  const shown = sheets.filter((sheet) => !sheet.isHidden);
  const places = await readRelations(archive);
  const book: Book = { is1904, texts: await readTexts(archive), formats: await readFormats(archive) };
  const anchorOf = createAnchors();
  const sections: ReadDocument["sections"][number][] = [];
  let leftOut = 0;
  for (const { name, relation } of shown.slice(0, MOST_SHEETS)) {
    const part = archive.get(places.get(relation) ?? "");
    if (part === undefined) continue;
    const sheet = await readSheet(part, book);
    leftOut += sheet.leftOut;
    const blocks = groupsOf(sheet.rows).flatMap(groupBlocks);
    const anchor = anchorOf(name);
    if (blocks.length > 0)
      sections.push({ headings: shown.length > 1 ? [name] : [], anchor: shown.length > 1 ? anchor : "", blocks });
  }
  const problems = [
    ...(leftOut > 0 ? [`${leftOut} rows of its sheets are left out`] : []),
    ...(shown.length > MOST_SHEETS ? [`only the first ${MOST_SHEETS} sheets are read`] : []),
    ...(shown.length < sheets.length ? [`${sheets.length - shown.length} hidden sheets are not read`] : []),
  ];
  const { title = titleFromPath(path), ...facts } = await officeFacts(archive);
  return { ...facts, title, sections, ...(problems.length > 0 && { problem: problems.join("; ") }) };
}

/** Rows between empty ones. */
function groupsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = [[]];
  for (const row of rows) {
    if (row.length === 0) groups.push([]);
    else groups.at(-1)?.push(row);
  }
  return groups.filter((group) => group.length > 0);
}

/** Rows of one cell above the first other row are text. */
function groupBlocks(rows: readonly Row[]): readonly Block[] {
  const begin = rows.findIndex((row) => row.length > 1);
  const above = rows.slice(0, begin === -1 ? rows.length : begin);
  const texts = above.flatMap((row) => row.slice(0, 1)).map((text) => ({ kind: "text" as const, text }));
  const [first, ...rest] = rows.slice(above.length);
  if (first === undefined) return texts;
  return [
    ...texts,
    ...(namesColumns(first, rest) ? tableBlocks(first, rest) : tableBlocks(undefined, [first, ...rest])),
  ];
}

async function read(archive: Archive, part: string, handler: XmlHandler): Promise<void> {
  const bytes = archive.get(part);
  if (bytes !== undefined) await readXml(bytes, handler);
}

async function readWorkbook(archive: Archive) {
  const sheets: Sheet[] = [];
  let is1904 = false;
  await read(archive, "xl/workbook.xml", {
    open: (name, attributes) => {
      if (name.endsWith("workbookPr")) is1904 = /^(?:1|true)$/u.test(attributes["date1904"] ?? "");
      if (!/^(?:\w+:)?sheet$/u.test(name)) return;
      const isHidden = /hidden/iu.test(attributes["state"] ?? "");
      sheets.push({ name: attributes["name"] ?? "", relation: attributes["r:id"] ?? "", isHidden });
    },
  });
  return { sheets, is1904 };
}

async function readRelations(archive: Archive): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>();
  await read(archive, "xl/_rels/workbook.xml.rels", {
    open: (_name, { Id, Target }) => {
      if (Id !== undefined && Target !== undefined) places.set(Id, posix.resolve("/xl", Target).slice(1));
    },
  });
  return places;
}

/** Texts that cells refer to; how they are pronounced is left out. */
async function readTexts(archive: Archive): Promise<readonly string[]> {
  const texts: string[] = [];
  let [text, isText, isPhonetic] = ["", false, false];
  await read(archive, "xl/sharedStrings.xml", {
    open: (name) => {
      if (name.endsWith("rPh")) isPhonetic = true;
      isText = /^(?:\w+:)?t$/u.test(name);
    },
    text: (part) => {
      if (isText && !isPhonetic) text += part;
    },
    close: (name) => {
      isText = false;
      if (name.endsWith("rPh")) isPhonetic = false;
      if (!/^(?:\w+:)?si$/u.test(name)) return;
      texts.push(text);
      text = "";
    },
  });
  return texts;
}

/** The format of each style that cells refer to. */
async function readFormats(archive: Archive): Promise<readonly string[]> {
  const own = new Map<number, string>();
  const formats: string[] = [];
  let isInCells = false;
  await read(archive, "xl/styles.xml", {
    open: (name, { numFmtId, formatCode }) => {
      if (name.endsWith("cellXfs")) isInCells = true;
      const id = Number(numFmtId ?? 0);
      if (name.endsWith("numFmt") && formatCode !== undefined) own.set(id, formatCode);
      if (isInCells && /^(?:\w+:)?xf$/u.test(name)) formats.push(own.get(id) ?? builtInFormat(id));
    },
    close: (name) => {
      if (name.endsWith("cellXfs")) isInCells = false;
    },
  });
  return formats;
}
