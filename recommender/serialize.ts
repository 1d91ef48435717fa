/**
 * The file of a model: magic, format, checksum, a header in JSON, then typed arrays, each at a multiple of 64 bytes, so
 * that loading copies nothing. Little-endian, as every machine that Node runs on.
 *
 * | bytes | what |
 * |---|---|
 * | 0–7 | `PARLEYRM` |
 * | 8–11 | format, 1 |
 * | 12–15 | CRC-32 of everything from byte 16 |
 * | 16–23 | length of the file, as a double |
 * | 24–27 | length of the header |
 * | 28–31 | 0 |
 * | 32– | header, then the sections |
 */
import { crc32 } from "node:zlib";
import { z } from "zod";
import { refuse, requireObject, shown } from "./checks.ts";
import { RecommenderError } from "./errors.ts";

/** What a section may be. */
export type Section = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A model's parts before they are bytes, and after. */
export interface Container {
  /** The family of the model. */
  readonly kind: string;
  /** Of the kind; raised when its sections or parameters change their meaning. */
  readonly version: number;
  /** Anything small that JSON holds; the reader checks it. */
  readonly parameters: unknown;
  readonly sections: Readonly<Record<string, Section>>;
}

const MAGIC = "PARLEYRM";
const FORMAT = 1;
const PREFIX = 32;
const ALIGNMENT = 64;

type SectionType = z.infer<typeof Header>["sections"][number]["type"];

const bytesPerElement = { f32: 4, f64: 8, i32: 4, u8: 1 } as const satisfies Record<SectionType, number>;

const Header = z.object({
  kind: z.string().min(1),
  version: z.int().positive(),
  parameters: z.unknown(),
  sections: z.array(
    z.object({
      name: z.string(),
      type: z.enum(["f32", "f64", "i32", "u8"]),
      /** From the start of the first section. */
      offset: z.int().nonnegative().multipleOf(ALIGNMENT),
      /** In elements. */
      length: z.int().nonnegative(),
    }),
  ),
});

const align = (size: number): number => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

function typeOf(section: Section): SectionType {
  if (section instanceof Float32Array) return "f32";
  if (section instanceof Float64Array) return "f64";
  return section instanceof Int32Array ? "i32" : "u8";
}

/** A model's parts as one file. */
export function writeContainer(container: Container): Uint8Array {
  const { kind, version, parameters, sections } = checkContainer(container);
  let size = 0;
  const listed = Object.entries(sections).map(([name, section]) => {
    const offset = size;
    size = align(size + section.byteLength);
    return { name, type: typeOf(section), offset, length: section.length };
  });
  const header = new TextEncoder().encode(asJson({ kind, version, parameters, sections: listed }));
  const start = align(PREFIX + header.length);
  const bytes = new Uint8Array(start + size);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  bytes.set(header, PREFIX);
  for (const { name, offset } of listed) {
    const section = sections[name];
    if (section === undefined) continue;
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), start + offset);
  }
  view.setUint32(8, FORMAT, true);
  view.setFloat64(16, bytes.length, true);
  view.setUint32(24, header.length, true);
  view.setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

function checkContainer(container: Container): Container {
  requireObject(container, "A file's parts");
  const { kind, version, sections } = container;
  requireObject(sections, "The sections of a file");
  if (typeof kind !== "string" || kind === "") refuse(`The kind of a file is a name; ${shown(kind)} was given.`);
  if (!Number.isInteger(version) || version < 1)
    refuse(`The version of a file is ${shown(version)}, not a number from 1.`);
  for (const [name, section] of Object.entries(sections)) {
    if (SECTION_TYPES.some((type) => section instanceof type)) continue;
    refuse(
      `Section "${name}" is ${shown(section)}; it must be a typed array of 32 or 64-bit floats, integers or bytes.`,
    );
  }
  return container;
}

function asJson(header: unknown): string {
  try {
    return JSON.stringify(header);
  } catch (thrown) {
    return refuse("The parameters of a file are what JSON holds; these are not.", { cause: thrown });
  }
}

const SECTION_TYPES = [Float32Array, Float64Array, Int32Array, Uint8Array];

/**
 * Reads a file; the sections are views of `bytes` where these lie at a multiple of 8, which a file just read does.
 * @throws RecommenderError `recommender/foreign-file` (no file of ours), `recommender/unsupported-file` (another format),
 *   `recommender/corrupt-file` (cut short, or changed since it was written)
 */
export function readContainer(bytes: Uint8Array): Container {
  if (!(bytes instanceof Uint8Array)) {
    throw new RecommenderError(
      "recommender/foreign-file",
      `A model's file is bytes (Uint8Array); ${shown(bytes)} was given.`,
    );
  }
  // A Buffer's own slice would copy nothing and stay where it is.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const headerLength = checkPrefix(aligned);
  const header = parseHeader(aligned.subarray(PREFIX, PREFIX + headerLength));
  const start = align(PREFIX + headerLength);
  const sections = header.sections.map(({ name, type, offset, length }) => {
    if (start + offset + length * bytesPerElement[type] > aligned.length) throw damaged(`section "${name}" is cut off`);
    return [name, viewOf(aligned, type, start + offset, length)] as const;
  });
  const { kind, version, parameters } = header;
  return { kind, version, parameters, sections: Object.fromEntries(sections) };
}

function viewOf(bytes: Uint8Array, type: SectionType, offset: number, length: number): Section {
  const place = bytes.byteOffset + offset;
  switch (type) {
    case "f32":
      return new Float32Array(bytes.buffer, place, length);
    case "f64":
      return new Float64Array(bytes.buffer, place, length);
    case "i32":
      return new Int32Array(bytes.buffer, place, length);
    case "u8":
      return new Uint8Array(bytes.buffer, place, length);
  }
}

function checkPrefix(bytes: Uint8Array): number {
  if (new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new RecommenderError(
      "recommender/foreign-file",
      `This is no model of the recommender: it does not start with "${MAGIC}".`,
    );
  }
  if (bytes.length < PREFIX) throw damaged(`it ends after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = view.getUint32(8, true);
  if (format !== FORMAT) {
    throw new RecommenderError(
      "recommender/unsupported-file",
      `The model has file format ${format}; this version reads ${FORMAT}. Train it again, or read it with its own version.`,
    );
  }
  const length = view.getFloat64(16, true);
  if (length !== bytes.length) throw damaged(`it should have ${length} bytes and has ${bytes.length}`);
  if (crc32(bytes.subarray(16)) !== view.getUint32(12, true)) throw damaged("its checksum does not fit its content");
  return view.getUint32(24, true);
}

function parseHeader(bytes: Uint8Array): z.infer<typeof Header> {
  try {
    return Header.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw damaged("its header cannot be read", { cause: error });
  }
}

/** The error of a file that does not hold what it should. */
export const damaged = (what: string, options: ErrorOptions = {}): RecommenderError =>
  new RecommenderError(
    "recommender/corrupt-file",
    `The model's file is damaged: ${what}. Take the one before it, or train again.`,
    options,
  );

/**
 * A section of a kind, by name.
 * @param length what it must have, where that is known
 * @throws RecommenderError `recommender/corrupt-file` when it is missing or of another type or length
 */
export function sectionOf<Type extends Section>(
  container: Container,
  name: string,
  type: { new (length: number): Type; readonly name: string },
  length?: number,
): Type {
  requireObject(container, "A file's parts");
  requireObject(container.sections, "The sections of a file");
  if (!SECTION_TYPES.some((known) => Object.is(known, type)))
    refuse(`The type of a section is ${shown(type)}, not one of a file.`);
  const { kind, sections } = container;
  const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
  if (!(section instanceof type)) throw damaged(`a model of kind "${kind}" needs section "${name}" as ${type.name}`);
  if (length === undefined || section.length === length) return section;
  throw damaged(`section "${name}" has ${section.length} numbers and needs ${length}`);
}

/**
 * The parameters, checked.
 * @throws RecommenderError `recommender/corrupt-file`
 */
export function parametersOf<Schema extends z.ZodType>(
  { kind, parameters }: Container,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw damaged(`the parameters of "${kind}" do not fit (${z.prettifyError(parsed.error)})`, { cause: parsed.error });
}
