/** Blind cases of personal data: texts with what stands in them, written before the detectors were mended by them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { personalDataKinds } from "../../core/privacy/finding.ts";

const Case = z.strictObject({
  id: z.string(),
  locale: z.string(),
  text: z.string(),
  /** In their order in the text. Names are never labelled. */
  finds: z.array(z.strictObject({ kind: z.enum(personalDataKinds), value: z.string().min(1) })),
});
export type PrivacyCase = z.infer<typeof Case>;

/** `open`: anybody may read them. `locked`: only scored, never read nor printed. */
export type Half = "open" | "locked";

/** All files of a half, or one of them. */
export function readCases(half: Half, file?: string): readonly PrivacyCase[] {
  const folder = join(import.meta.dirname, "cases", half);
  return readdirSync(folder)
    .filter((name) => (file === undefined ? name.endsWith(".jsonl") : name === `${file}.jsonl`))
    .toSorted()
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"))
    .map((line) => Case.parse(JSON.parse(line)));
}
