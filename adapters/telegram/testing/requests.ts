/** Reads what a Bot API client posts: JSON, a form, or a form with files. */
import { buffer } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface CallBody {
  /** Objects in a form are JSON texts; they come parsed. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedFile[];
}

export async function readCall(request: IncomingMessage): Promise<CallBody> {
  const bytes = await buffer(request);
  const type = request.headers["content-type"] ?? "";
  if (bytes.byteLength === 0) return { fields: {}, files: [] };
  const boundary = /boundary="?([^";]+)"?/u.exec(type)?.[1];
  if (type.startsWith("multipart/form-data") && boundary !== undefined) return readParts(bytes, boundary);
  if (type.startsWith("application/json")) return { fields: toFields(JSON.parse(bytes.toString("utf8"))), files: [] };
  const entries = [...new URLSearchParams(bytes.toString("utf8"))];
  return { fields: Object.fromEntries(entries.map(([name, value]) => [name, parsed(value)])), files: [] };
}

function toFields(value: unknown): CallBody["fields"] {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** Split by hand: the library leaves file names unquoted, which stricter parsers refuse and Telegram does not. */
function readParts(bytes: Buffer, boundary: string): CallBody {
  const fields: Record<string, unknown> = {};
  const files: UploadedFile[] = [];
  const separator = Buffer.from(`--${boundary}`);
  let start = bytes.indexOf(separator);
  while (start >= 0) {
    const end = bytes.indexOf(separator, start + separator.length);
    if (end < 0) break;
    readPart(bytes.subarray(start + separator.length + 2, end - 2), fields, files);
    start = end;
  }
  return { fields, files };
}

function readPart(part: Buffer, fields: Record<string, unknown>, files: UploadedFile[]): void {
  const headEnd = part.indexOf("\r\n\r\n");
  const head = part.subarray(0, headEnd).toString("utf8");
  const content = part.subarray(headEnd + 4);
  const field = /[; ]name="?([^";\r\n]+)"?/u.exec(head)?.[1];
  const name = /filename="?([^";\r\n]+)"?/u.exec(head)?.[1];
  if (field === undefined) return;
  if (name === undefined) fields[field] = parsed(content.toString("utf8"));
  else files.push({ field, name, bytes: new Uint8Array(content) });
}

/** Objects, lists, numbers and booleans come as texts in a form. */
function parsed(value: string): unknown {
  if (!/^(?:[[{]|true$|false$|-?\d+$)/u.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
