/** The packages that read a format; optional peers, which whoever has such documents installs. */
import { missingPackages, needPackages } from "../../../core/config/missing-package.ts";
import type { ConfigIssue } from "../../../core/config/config-error.ts";
import type { Format } from "../document.ts";
import { PDF_DOCUMENTS, PDF_PACKAGES } from "../pdf/read-pages.ts";

const READERS: Partial<Readonly<Record<Format, readonly [what: string, packages: readonly string[]]>>> = {
  pdf: [PDF_DOCUMENTS, PDF_PACKAGES],
  html: ["An HTML page among the documents", ["htmlparser2"]],
  docx: ["A Word document among the documents", ["mammoth", "fflate", "htmlparser2"]],
  xlsx: ["A spreadsheet among the documents", ["fflate", "htmlparser2"]],
  csv: ["A CSV table among the documents", ["csv-parse"]],
  mail: ["An e-mail among the documents", ["postal-mime", "htmlparser2"]],
};

export function missingReaders(format: Format, setting: string): readonly ConfigIssue[] {
  const [what, packages] = READERS[format] ?? ["", []];
  return missingPackages(what, packages, setting);
}

/** Throws `package/missing`. */
export function needReaders(format: Format): void {
  const [what, packages] = READERS[format] ?? ["", []];
  needPackages(what, packages);
}
