/**
 * The trained intent classifier as a file. The build trains it and writes it into dist; where there is none, as when the
 * product runs from source, it is trained when it is first needed.
 */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import { routeOfIntent, type Intent } from "./intents.ts";
import type { LinearClassifier } from "./linear-classifier.ts";

/** Where the build writes it. */
export const INTENT_MODEL = new URL("intents.model", import.meta.url);

const isIntent = (label: string): label is Intent => Object.hasOwn(routeOfIntent, label);

const Head = z.object({
  labels: z.array(z.string().refine(isIntent)),
  wordCount: z.number().int().nonnegative(),
  terms: z.array(z.string()),
});

/** The trained classifier: read, or trained now (about half a second of CPU). The result is the same. */
export async function loadIntents(): Promise<LinearClassifier<Intent>> {
  if (existsSync(INTENT_MODEL)) return readIntents(readFileSync(INTENT_MODEL));
  const { trainIntents } = await import("./train-intents.ts");
  return trainIntents();
}

/** A line of JSON, then the inverse document frequencies and the weights as the machine's own floats. */
export function writeIntents({ labels, space, weights }: LinearClassifier<Intent>): Uint8Array {
  const { wordCount, indexOf, inverseDocumentFrequency } = space;
  const head = `${JSON.stringify({ labels, wordCount, terms: [...indexOf.keys()] })}\n`;
  const floats = [inverseDocumentFrequency, weights].map(({ buffer }) => Buffer.from(buffer));
  return Buffer.concat([Buffer.from(head), ...floats]);
}

/** Reads what `writeIntents` wrote. */
export function readIntents(file: Uint8Array): LinearClassifier<Intent> {
  const end = file.indexOf(10);
  const { labels, wordCount, terms } = Head.parse(JSON.parse(Buffer.from(file.subarray(0, end)).toString("utf8")));
  // A copy, because floats must begin at a multiple of their size.
  const floats = new Float32Array(new Uint8Array(file.subarray(end + 1)).buffer);
  if (floats.length !== terms.length + (terms.length + 1) * labels.length)
    throw new ParleyError(
      "offline/damaged-model",
      "The trained classifier of the package is damaged. Install parleyjs again; in a checkout run: npm run build",
    );
  const inverseDocumentFrequency = floats.slice(0, terms.length);
  const indexOf = new Map(terms.map((term, index) => [term, index] as const));
  const space = { size: terms.length, wordCount, indexOf, inverseDocumentFrequency };
  return { labels, space, weights: floats.subarray(terms.length) };
}
