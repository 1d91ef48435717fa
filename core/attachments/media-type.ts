/** What a file is, by its bytes. The sender's word and the file's name are not believed. */

/** As many bytes of the start of a file as detection looks at. */
export const MEDIA_TYPE_BYTES = 4_096;

const ascii = (text: string): readonly number[] => Array.from(Buffer.from(text, "latin1"));

interface Signature {
  readonly mediaType: string;
  readonly offset?: number;
  readonly bytes: readonly number[];
}

/** The two kinds that may consist of text alone. */
const textSignatures: readonly Signature[] = [
  { mediaType: "application/pdf", bytes: ascii("%PDF-") },
  { mediaType: "application/rtf", bytes: ascii("{\\rtf") },
];

const signatures: readonly Signature[] = [
  { mediaType: "image/png", bytes: [0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a] },
  { mediaType: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { mediaType: "image/gif", bytes: ascii("GIF87a") },
  { mediaType: "image/gif", bytes: ascii("GIF89a") },
  { mediaType: "image/webp", offset: 8, bytes: ascii("WEBP") },
  { mediaType: "image/tiff", bytes: [...ascii("II"), 0x2a, 0] },
  { mediaType: "image/tiff", bytes: [...ascii("MM"), 0, 0x2a] },
  { mediaType: "image/avif", offset: 4, bytes: ascii("ftypavif") },
  { mediaType: "image/heic", offset: 4, bytes: ascii("ftyphei") },
  { mediaType: "image/heic", offset: 4, bytes: ascii("ftypmif1") },
  { mediaType: "audio/mp4", offset: 4, bytes: ascii("ftypM4A") },
  { mediaType: "video/quicktime", offset: 4, bytes: ascii("ftypqt") },
  { mediaType: "video/mp4", offset: 4, bytes: ascii("ftyp") },
  { mediaType: "video/webm", bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { mediaType: "audio/wav", offset: 8, bytes: ascii("WAVE") },
  { mediaType: "audio/ogg", bytes: ascii("OggS") },
  { mediaType: "audio/flac", bytes: ascii("fLaC") },
  { mediaType: "audio/mpeg", bytes: ascii("ID3") },
  { mediaType: "audio/mpeg", bytes: [0xff, 0xfb] },
  { mediaType: "audio/mpeg", bytes: [0xff, 0xf3] },
  { mediaType: "application/gzip", bytes: [0x1f, 0x8b] },
  { mediaType: "application/x-7z-compressed", bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { mediaType: "application/vnd.rar", bytes: ascii("Rar!") },
  { mediaType: "application/x-ole-storage", bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
  { mediaType: "application/vnd.microsoft.portable-executable", bytes: ascii("MZ") },
  { mediaType: "application/x-elf", bytes: [0x7f, ...ascii("ELF")] },
];

const office: readonly (readonly [string, string])[] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
];

/** Kinds of plain text that differ in nothing but their use: here the sender may choose. */
const textKinds: Readonly<Record<string, string>> = {
  md: "text/markdown",
  markdown: "text/markdown",
  csv: "text/csv",
  json: "application/json",
};

/** The media type of a file that starts with these bytes. `name` only tells kinds of plain text apart. */
export function detectMediaType(head: Uint8Array, name = ""): string {
  if (head.length === 0) return "application/x-empty";
  const signed = textSignatures.find((signature) => isSigned(head, signature));
  if (signed !== undefined) return signed.mediaType;
  // Text first: a letter may begin with "MZ" or "ID3", but no binary format is free of control characters.
  const text = decode(head);
  if (text !== undefined) return textKind(text, name);
  const known = signatures.find((signature) => isSigned(head, signature));
  if (known !== undefined) return known.mediaType;
  return isSigned(head, { bytes: [0x50, 0x4b, 0x03, 0x04] }) ? zipKind(head) : "application/octet-stream";
}

function isSigned(head: Uint8Array, { bytes, offset = 0 }: Omit<Signature, "mediaType">): boolean {
  return bytes.every((byte, index) => head[offset + index] === byte);
}

function zipKind(head: Uint8Array): string {
  const names = Buffer.from(head).toString("latin1");
  const found = names.includes("[Content_Types].xml") ? office.find(([folder]) => names.includes(folder)) : undefined;
  return found?.[1] ?? "application/zip";
}

/** The text where it is UTF-8 without control characters; the last character may be cut. */
function decode(head: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    // eslint-disable-next-line no-control-regex -- control characters are what tells text from binary
    return /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/.test(text) ? undefined : text;
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

/** Markup that a browser would run is named as such, whatever the file is called. */
function textKind(text: string, name: string): string {
  const start = text.trimStart().slice(0, 1_000).toLowerCase();
  if (/<svg[\s>]/.test(start)) return "image/svg+xml";
  if (/^(?:<!--[^]*?-->\s*)?<(?:!doctype\s+html|html|head|body|script|iframe)[\s>]/.test(start)) return "text/html";
  if (start.startsWith("<?xml")) return "application/xml";
  const extension = name.toLowerCase().split(".").at(-1) ?? "";
  const kind = textKinds[extension] ?? "text/plain";
  return kind === "application/json" && !/^[{["\d\-tfn]/.test(start) ? "text/plain" : kind;
}
