/** A file in a form that was posted. */
export interface FormFile {
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A form, as it was posted: texts by field, and files. */
export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly FormFile[];
}

/**
 * Reads a multipart body; undefined for another content type. Split by hand: some libraries leave file names unquoted,
 * which stricter parsers refuse and platforms do not.
 */
export function readForm(body: Buffer, contentType: string): Form | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/u.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const fields: Record<string, string> = {};
  const files: FormFile[] = [];
  const separator = Buffer.from(`--${boundary}`);
  let start = body.indexOf(separator);
  for (let end = 0; start >= 0 && end >= 0; start = end) {
    end = body.indexOf(separator, start + separator.length);
    if (end < 0) break;
    const part = body.subarray(start + separator.length + 2, end - 2);
    const headEnd = part.indexOf("\r\n\r\n");
    const head = part.subarray(0, headEnd).toString("utf8");
    const content = part.subarray(headEnd + 4);
    const field = /[; ]name="?([^";\r\n]+)"?/u.exec(head)?.[1] ?? "";
    const name = /filename="?([^";\r\n]+)"?/u.exec(head)?.[1];
    const mediaType = /content-type: *([^\r\n]+)/iu.exec(head)?.[1] ?? "application/octet-stream";
    if (name === undefined) fields[field] = content.toString("utf8");
    else files.push({ field, name, mediaType, bytes: new Uint8Array(content) });
  }
  return { fields, files };
}
