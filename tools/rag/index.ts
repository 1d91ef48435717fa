/** Cited search in the documents of a directory: Markdown, text, PDF, HTML, Word, spreadsheets, tables, e-mails. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import type { ConfigPlace, OpenContext, OpenToolPack, ToolPackFactory } from "../../core/bot.ts";
import { readSettings } from "../../core/config/check-settings.ts";
import type { ConfigIssue } from "../../core/config/config-error.ts";
import { missingPath } from "../../core/config/missing-path.ts";
import { documentApi } from "./document-api.ts";
import { documentRoute } from "./document-route.ts";
import { formatOf } from "./document.ts";
import { missingReaders } from "./formats/packages.ts";
import type { DocumentChange } from "./ingest.ts";
import { openLibrary } from "./library.ts";
import { QUOTE_ANCHOR, quoteForAddress } from "./mark-quote.ts";
import { type SharedDocuments, openSharedDocuments } from "./shared-documents.ts";
import { type Quoted, searchDocumentsTool } from "./search-documents.ts";

const Options = z.strictObject({
  /** Folder of the documents; relative paths start at the directory of `bots.config.ts`. */
  directory: z.string().min(1),
  /** What the collection is called in `parley plan`. @default the folder's name */
  title: z.string().min(1).max(200).optional(),
  /** A question that they answer, to offer in a greeting: by language tag; `default` where the tag has none. */
  samples: z.record(z.string(), z.string().min(1).max(80)).optional(),
  /**
   * Where citations lead: to Parley's own copy at `/documents/<bot>/<document>`, or to the address in the document's
   * front matter. @default "copy"
   */
  linkTo: z.enum(["copy", "original"]).default("copy"),
  /**
   * For several hosts on one PostgreSQL: true where the folder of each has all documents, as in an image with them. A new host
   * then takes out for all what its folder lacks; else each takes out only what was in its own. @default false
   */
  complete: z.boolean().default(false),
  /** A search looks for changed files when the last look is older than this. 0: at each search. @default 60 */
  refreshSeconds: z.number().min(0).default(60),
  /** Larger files are left out, with a warning. @default 50 MiB */
  maxFileBytes: z
    .number()
    .int()
    .positive()
    .default(50 * 1024 * 1024),
  /** Further pages of a PDF are left out, with a warning. */
  maxPages: z.number().int().positive().default(1000),
  maxFiles: z.number().int().positive().default(5000),
  /** The longest time for reading one PDF, in seconds. */
  pdfTimeoutSeconds: z.number().positive().default(120),
});
export type DocumentsOptions = z.input<typeof Options>;
type ParsedOptions = z.output<typeof Options>;

/**
 * Gives a bot the tool `search_documents` over a folder. Throws `SettingsError` for wrong settings.
 */
export function documents(options: DocumentsOptions): ToolPackFactory {
  const settings = readSettings(Options, options, "documents");
  const { directory, title = basename(directory), linkTo } = settings;
  return {
    name: "documents",
    summary: { title, directory, linkTo },
    missing: (place) => missingForDocuments(directory, place),
    open: async (context) => await openPack(settings, context),
  };
}

/** The folder, and the readers of what it holds. */
function missingForDocuments(path: string, { directory, isShared = false }: ConfigPlace): readonly ConfigIssue[] {
  const setting = "directory";
  // Another host may have it.
  if (isShared && !existsSync(resolve(directory, path))) return [];
  const missing = missingPath("folder", path, setting, directory);
  if (missing.length > 0) return missing;
  const files = readdirSync(resolve(directory, path), { recursive: true, encoding: "utf8" });
  const formats = new Set(files.map(formatOf));
  return [...formats].flatMap((format) => (format === undefined ? [] : missingReaders(format, setting)));
}

async function openPack(settings: ParsedOptions, context: OpenContext): Promise<OpenToolPack> {
  const directory = resolve(context.configDirectory, settings.directory);
  const shared = await openShared(directory, context, settings.complete);
  // The same folder shares one index, whichever bots use it.
  const name = `${directory}${shared?.generation ?? ""}`;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 12);
  const indexPath = join(context.dataDirectory, "documents", `${digest}.sqlite`);
  const basePath = `/documents/${encodeURIComponent(context.bot.id)}`;
  const library = openLibrary({
    directory,
    indexPath,
    limits: { ...settings, pdfTimeoutMs: settings.pdfTimeoutSeconds * 1000 },
    refreshMs: settings.refreshSeconds * 1000,
    clock: context.environment.clock,
    log: context.telemetry.log,
    shared,
    leavesWork: context.leavesWork,
    changed: async (changes) => await announceChanges(changes, context),
  });
  const urlOf = ({ document, chunk, quote }: Quoted): string | undefined => {
    if (settings.linkTo === "original") return document.url;
    const copy = `${basePath}/${encodeURIComponent(document.id)}`;
    if (document.format === "pdf") return `${copy}${chunk.anchor === "" ? "" : `#${chunk.anchor}`}`;
    return `${copy}?${new URLSearchParams({ quote: quoteForAddress(quote) }).toString()}#${QUOTE_ANCHOR}`;
  };
  return {
    tools: [searchDocumentsTool(library, urlOf, settings.samples)],
    routes: [
      documentRoute({ directory, indexPath, bot: context.bot.id, basePath, original: shared?.original }),
      ...documentApi({ indexPath, bot: context.bot.id }),
    ],
    edition: library.edition,
    check: library.check,
    close: library.close,
  };
}

/** The same content that comes again within minutes, on this host or another, is told once. */
const TOLD_ONCE_MS = 10 * 60_000;

async function announceChanges(
  changes: readonly DocumentChange[],
  { announce, environment }: OpenContext,
): Promise<void> {
  const period = Math.floor(environment.clock() / TOLD_ONCE_MS);
  for (const { path, hash, change } of changes)
    await announce?.({
      source: `document ${change} ${period} ${hash.slice(0, 16)} ${path}`.slice(0, 400),
      type: "document.changed",
      data: { document: path.slice(-500), change },
    });
}

/** On one machine the folder is all that there is. */
async function openShared(
  directory: string,
  { databases, files, configDirectory, environment }: OpenContext,
  isComplete: boolean,
): Promise<SharedDocuments | undefined> {
  if (databases.engine === "sqlite") return undefined;
  const collection = relative(configDirectory, directory).split(sep).join("/");
  return await openSharedDocuments({
    database: databases.open("documents.sqlite"),
    files,
    collection,
    isComplete,
    clock: environment.clock,
  });
}
