/** The files in a ZIP archive, which Office documents are: bounded before anything of it is unpacked. */

const MOST_ENTRIES = 5_000;
const MOST_UNPACKED_BYTES = 100 * 1024 * 1024;
/** Packed text of many equal rows comes to about 30; a bomb to 1,000. Small files may be packed better. */
const MOST_RATIO = 100;
const SMALL_BYTES = 1024 * 1024;

export type Archive = ReadonlyMap<string, Uint8Array>;

/**
 * Unpacks the entries that are `wanted`. What an entry declares is the memory that it gets: one that lies about its size is cut off.
 * Throws for archives beyond the limits, for encrypted ones, and for XML with entities of its own.
 */
export async function unpack(bytes: Uint8Array, wanted: (name: string) => boolean): Promise<Archive> {
  const { unzipSync } = await import("fflate");
  let [entries, unpacked] = [0, 0];
  const files = unzipSync(bytes, {
    filter: ({ name, size, originalSize }) => {
      entries += 1;
      unpacked += Math.max(size, originalSize);
      if (entries > MOST_ENTRIES) throw new Error(`it packs more than ${MOST_ENTRIES} files`);
      checkSize(unpacked, bytes.length);
      return wanted(name) && !name.endsWith("/");
    },
  });
  for (const [name, content] of Object.entries(files)) checkXml(name, content);
  return new Map(Object.entries(files));
}

/** The same files in an archive that is not compressed, for a library that opens archives itself. */
export async function packed(archive: Archive): Promise<Uint8Array> {
  const { zipSync } = await import("fflate");
  return zipSync(Object.fromEntries(archive), { level: 0 });
}

/** The names of its entries, without unpacking any; empty where it is no whole archive. */
export async function entryNames(bytes: Uint8Array): Promise<readonly string[]> {
  const { unzipSync } = await import("fflate");
  const names: string[] = [];
  unzipSync(bytes, { filter: ({ name }) => (names.length < MOST_ENTRIES && names.push(name), false) });
  return names;
}

function checkSize(unpacked: number, packedBytes: number): void {
  if (unpacked > MOST_UNPACKED_BYTES) throw new Error(`it unpacks to more than ${MOST_UNPACKED_BYTES} bytes`);
  if (unpacked > SMALL_BYTES && unpacked > packedBytes * MOST_RATIO)
    throw new Error(`it unpacks to more than ${MOST_RATIO} times its size`);
}

/** Office documents have no document type: whoever brings one brings entities that multiply. */
function checkXml(name: string, content: Uint8Array): void {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (["<!DOCTYPE", "<!ENTITY"].some((mark) => bytes.includes(mark) || bytes.includes(mark, 0, "utf16le")))
    throw new Error(`${name} in it declares XML entities, which no such document needs`);
}
