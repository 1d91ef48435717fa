/** A trained understanding as a file: what the build ships, and what a bot keeps of its own training. */
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { Calibration } from "./calibration.ts";
import { featureSpace } from "./features.ts";
import type { LinearClassifier } from "./linear-classifier.ts";

export interface Model {
  /** Of the sentences that it learned from, and of the way it learned. */
  readonly hash: string;
  /** By label: of its sentences. */
  readonly hashes: Readonly<Record<string, string>>;
  /** By label: the places of its sentences that were left out, because they look like another label's that claims them. */
  readonly leftOut: Readonly<Record<string, readonly number[]>>;
  readonly classifier: LinearClassifier;
  readonly calibration: Calibration;
}

const Head = z.object({
  hash: z.string(),
  hashes: z.record(z.string(), z.string()),
  leftOut: z.record(z.string(), z.array(z.number().int().nonnegative())),
  labels: z.array(z.string()),
  words: z.number().int().nonnegative(),
  terms: z.number().int().nonnegative(),
  calibration: z.object({ threshold: z.number(), slope: z.number(), offset: z.number() }),
});

/** A line of JSON, then compressed: terms, frequencies, scales and biases in four bytes each, and the weights in one. */
export function writeModel({ hash, hashes, leftOut, classifier, calibration }: Model): Uint8Array {
  const { labels, space, weights, scales, biases } = classifier;
  const head = { hash, hashes, leftOut, labels, words: space.wordCount, terms: space.size, calibration };
  const parts = [space.terms, space.inverseDocumentFrequency, scales, biases, weights];
  const body = parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), gzipSync(Buffer.concat(body), { level: 9 })]);
}

/** The hash of a written model, without reading the rest. Undefined where the file is none. */
export function hashOfModel(file: Uint8Array): string | undefined {
  return headOf(file)?.hash;
}

/** Reads what `writeModel` wrote. Throws `understanding/damaged-model`. */
export function readModel(file: Uint8Array): Model {
  const head = headOf(file);
  if (head === undefined) throw damaged();
  const { hash, hashes, leftOut, labels, words, terms, calibration } = head;
  const body = unpacked(file.subarray(file.indexOf(NEW_LINE) + 1));
  if (body.byteLength !== 4 * (3 * terms + labels.length) + terms * labels.length) throw damaged();
  const frequencies = new Float32Array(body, 4 * terms, terms);
  const space = featureSpace(words, new Uint32Array(body, 0, terms), frequencies);
  const scales = new Float32Array(body, 8 * terms, terms);
  const biases = new Float32Array(body, 12 * terms, labels.length);
  const weights = new Int8Array(body, 12 * terms + 4 * labels.length);
  return { hash, hashes, leftOut, calibration, classifier: { labels, space, weights, scales, biases } };
}

const NEW_LINE = 10;

function unpacked(body: Uint8Array): ArrayBuffer {
  try {
    // A copy, because numbers of four bytes must begin at a multiple of four.
    return new Uint8Array(gunzipSync(body)).buffer;
  } catch (thrown) {
    throw damaged(thrown);
  }
}

function headOf(file: Uint8Array): z.infer<typeof Head> | undefined {
  try {
    const text = Buffer.from(file.subarray(0, file.indexOf(NEW_LINE))).toString("utf8");
    return Head.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function damaged(cause?: unknown): ParleyError {
  return new ParleyError(
    "understanding/damaged-model",
    "The trained understanding is damaged. Install parleyjs again; in a checkout run: npm run build",
    { cause },
  );
}
