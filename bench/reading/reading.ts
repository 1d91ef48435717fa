/** What the reader of PDFs makes of documents that are awkward to read. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../test/support/chromium.ts";
import { oneLine } from "../../core/text/cut.ts";
import type { Chunk } from "../../tools/rag/chunk.ts";
import { readDocumentFile } from "../../tools/rag/read-file.ts";
import { type Sheet, sheets } from "./sheets.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Score {
  readonly rows: readonly boolean[];
  readonly others: readonly string[];
  readonly tokens: { readonly found: number; readonly all: number };
  readonly pages: number;
}

/** `npm run bench -- reading [part of a sheet's name]`: with a name, what was read is shown as well. */
export async function run([wanted]: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parley-reading-"));
  const browser = await launchChromium();
  const scores: Score[] = [];
  let cpuMs = 0;
  try {
    for (const sheet of sheets.filter(({ name }) => wanted === undefined || name.includes(wanted))) {
      const file = join(folder, "sheet.pdf");
      await writeFile(file, await printed(browser, sheet));
      // The first file loads the reader.
      if (scores.length === 0) await readDocumentFile({ file, name: "sheet.pdf", format: "pdf", maxPages: 1 });
      const before = process.cpuUsage();
      const { content } = await readDocumentFile({ file, name: "sheet.pdf", format: "pdf", maxPages: 100 });
      const { user, system } = process.cpuUsage(before);
      cpuMs += (user + system) / 1_000;
      const chunks = content?.chunks ?? [];
      const score = scoreOf(sheet, chunks, content?.document.pages ?? 0);
      scores.push(score);
      report(sheet, score);
      if (wanted !== undefined) show(chunks);
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
  summary(scores, cpuMs);
}

async function printed(browser: Browser, { html, print }: Sheet): Promise<Uint8Array> {
  const page = await browser.newPage();
  await page.setContent(html);
  const templates = { headerTemplate: print?.header ?? "", footerTemplate: print?.footer ?? "" };
  const pdf = await page.pdf({ preferCSSPageSize: true, displayHeaderFooter: print !== undefined, ...templates });
  await page.close();
  return pdf;
}

function scoreOf(sheet: Sheet, chunks: readonly Chunk[], pages: number): Score {
  const blocks = chunks.flatMap((chunk) => chunk.blocks.map((block) => ({ ...block, section: chunk.section })));
  const texts = new Set(blocks.map(({ text }) => text));
  const all = blocks.map(({ text }) => text).join("\n");
  const header = sheet.header === undefined ? [] : [oneLine(sheet.header.join(" | "))];
  const missing = [
    ...header
      .filter((text) => !blocks.some((block) => block.kind === "header" && block.text === text))
      .map((text) => `header: ${text}`),
    ...pagesWithoutHeader(sheet, chunks),
    ...(sheet.sentences ?? []).filter((text) => !all.includes(text)).map((text) => `not in one piece: ${text}`),
    ...(sheet.running ?? []).filter((text) => all.includes(text)).map((text) => `not taken out: ${text}`),
    ...(sheet.sections ?? [])
      .filter((section) => !blocks.some((block) => block.section === section))
      .map((text) => `section: ${text}`),
  ];
  return {
    rows: sheet.rows.map((cells) => texts.has(oneLine(cells.join(" | ")))),
    others: missing,
    tokens: recall(sheet, all),
    pages,
  };
}

function pagesWithoutHeader({ header, rows }: Sheet, chunks: readonly Chunk[]): readonly string[] {
  if (header === undefined || rows.length < 20) return [];
  const bare = chunks.filter(
    ({ blocks }) => blocks.some(({ kind }) => kind === "row") && blocks.every(({ kind }) => kind !== "header"),
  );
  return bare.map(({ page }) => `rows without their header on page ${page ?? 0}`);
}

function recall({ rows, sentences = [] }: Sheet, read: string): Score["tokens"] {
  const tokensOf = (text: string): readonly string[] => text.split(/[\s|]+/u).filter((token) => token !== "");
  const left = new Map<string, number>();
  for (const token of tokensOf(read)) left.set(token, (left.get(token) ?? 0) + 1);
  const expected = [...rows.flat(), ...sentences].flatMap(tokensOf);
  const found = expected.filter((token) => {
    const count = left.get(token) ?? 0;
    left.set(token, count - 1);
    return count > 0;
  });
  return { found: found.length, all: expected.length };
}

const share = (found: number, all: number): string => (all === 0 ? "-" : `${((found / all) * 100).toFixed(1)} %`);

function report({ name }: Sheet, { rows, others, tokens }: Score): void {
  const kept = rows.filter(Boolean).length;
  say(
    `${name.padEnd(28)} rows ${share(kept, rows.length).padStart(7)}  tokens ${share(tokens.found, tokens.all).padStart(7)}`,
  );
  for (const other of others) say(`    ${other}`);
}

function show(chunks: readonly Chunk[]): void {
  for (const { page, section, blocks } of chunks) {
    say(`  [${page ?? 0}] ${section}`);
    for (const { kind, text } of blocks) say(`    ${kind}: ${text}`);
  }
}

function summary(scores: readonly Score[], cpuMs: number): void {
  const rows = scores.flatMap((score) => score.rows);
  const tokens = scores.map((score) => score.tokens);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const pages = sum(scores.map((score) => score.pages));
  say(`rows with label and cells     ${share(rows.filter(Boolean).length, rows.length)} of ${rows.length}`);
  say(
    `token recall                  ${share(sum(tokens.map(({ found }) => found)), sum(tokens.map(({ all }) => all)))}`,
  );
  say(`other faults                  ${scores.flatMap(({ others }) => others).length}`);
  say(`pages per CPU second          ${(pages / (cpuMs / 1_000)).toFixed(0)} (${pages} pages)`);
}
