/** What a file is, told by what is in it; its name only tells texts apart that look alike. */
import type { Format } from "../document.ts";
import { entryNames } from "./archive.ts";
import { declaredEncoding, decodeText } from "./decode.ts";
import { needReaders } from "./packages.ts";

export interface Detected {
  readonly format: Format;
  /** Of what is text. */
  readonly text?: string;
}

const HEAD_BYTES = 1_024;

/** Known by their first bytes and not read. */
const REFUSED: readonly (readonly [bytes: string, kind: string])[] = [
  ["d0cf11e0a1b11ae1", "an old or encrypted Office file: save it as .docx or .xlsx, without a password"],
  ["89504e470d0a1a0a", "a picture"],
  ["ffd8ff", "a picture"],
  ["47494638", "a picture"],
  ["49492a00", "a picture"],
  ["4d4d002a", "a picture"],
  ["1f8b", "a compressed file"],
  ["377abcaf271c", "a compressed file"],
  ["526172211a07", "a compressed file"],
  ["7b5c727466", "a rich text file: save it as .docx"],
  ["7f454c46", "a program"],
  ["4d5a9000", "a program"],
  ["53514c69746520666f726d61742033", "a database"],
];

/** Inside an archive. */
const OFFICE: readonly (readonly [part: RegExp, format: Format | undefined, kind: string])[] = [
  [/^word\/document\d*\.xml$/iu, "docx", ""],
  [/^xl\/workbook\.xml$/iu, "xlsx", ""],
  [/^xl\/workbook\.bin$/iu, undefined, "a binary spreadsheet: save it as .xlsx"],
  [/^ppt\//iu, undefined, "a presentation: save it as .pdf"],
  [/^content\.xml$/iu, undefined, "an OpenDocument file: save it as .docx, .xlsx or .pdf"],
];

/** @param named what the file's name says it is. Throws for what is not read, with what it is. */
export async function detectFormat(bytes: Uint8Array, named: Format): Promise<Detected> {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  // Readers of PDF allow for a few bytes before it; a text may speak of it.
  if (named === "pdf" ? head.includes("%PDF-") : head.indexOf("%PDF-") === 0) return { format: "pdf" };
  if (head.toString("hex").startsWith("504b0304")) return { format: await officeFormat(bytes) };
  const start = head.toString("hex");
  const refused = REFUSED.find(([mark]) => start.startsWith(mark));
  if (refused !== undefined) throw new Error(`it is ${refused[1]}`);
  const text = decodeText(bytes, named === "markdown" || named === "text" ? undefined : declaredEncoding(bytes));
  return { format: textFormat(text, named), text };
}

async function officeFormat(bytes: Uint8Array): Promise<Format> {
  needReaders("xlsx");
  const names = await entryNames(bytes);
  for (const [part, format, kind] of OFFICE) {
    if (!names.some((name) => part.test(name))) continue;
    if (format !== undefined) return format;
    throw new Error(`it is ${kind}`);
  }
  throw new Error("it is an archive and no document");
}

function textFormat(text: string, named: Format): Format {
  const start = text.slice(0, 4_000);
  if (/^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^]{0,1000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/iu.test(start))
    return "html";
  if (named !== "markdown" && named !== "text" && isMail(start)) return "mail";
  return named === "pdf" || named === "docx" || named === "xlsx" || named === "mail" ? "text" : named;
}

/** Begins with the headers of a message. */
function isMail(start: string): boolean {
  const [headers = ""] = start.split(/\r?\n\r?\n/u, 1);
  return (
    /^[\w-]+:[^\n]*\n/u.test(start) &&
    /^from:/imu.test(headers) &&
    /^(?:date|message-id|mime-version|subject):/imu.test(headers)
  );
}
