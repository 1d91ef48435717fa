/**
 * What the embedded brain's classifier is worth: on messages in 77 intents that others wrote, on intents that it was
 * never taught, and with what the sample bot learns on the repository's blind messages.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { lessonOf } from "../../agents/understanding/lesson.ts";
import { classify, type Example, trainClassifier } from "../../agents/understanding/linear-classifier.ts";
import { writeModel } from "../../agents/understanding/model.ts";
import { recognize } from "../../agents/understanding/recognize.ts";
import { trainModel } from "../../agents/understanding/train-model.ts";
import { taughtToSample } from "../../test/support/bank-intents.ts";
import { readBanking77, split } from "./banking77.ts";
import { servedBy } from "./routes.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run bench -- intents [--data ../shared/data/banking77]` */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: "string", default: "../shared/data/banking77" } },
  });
  if (existsSync(values.data)) measureBanking77(readBanking77(values.data));
  else say(`Banking77 is not at ${values.data}: get it (CC BY 4.0) and name its folder with --data.`);
  await measureShipped();
}

/** The CPU of some work, in ms. */
function cpuOf<Result>(work: () => Result): { readonly result: Result; readonly ms: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1_000 };
}

const share = (part: number, whole: number): string => (part / whole).toFixed(4);

function measureBanking77(examples: readonly Example[]): void {
  const { learned, asked } = split(examples);
  const training = cpuOf(() => trainClassifier(learned).classifier);
  const classifier = training.result;
  const answers = cpuOf(() => asked.map(({ text }) => classify(classifier, text)[0]?.label));
  const right = answers.result.filter((label, row) => label === asked[row]?.label).length;
  const bytes = classifier.weights.length + classifier.space.size * 12;
  say(
    `Banking77, every tenth message of the training part asked (${asked.length}), the others learned (${learned.length}):`,
  );
  say(`  accuracy over 77 intents      ${share(right, asked.length)}`);
  say(`  CPU of training               ${(training.ms / 1_000).toFixed(1)} s`);
  say(`  CPU of a message              ${(answers.ms / asked.length).toFixed(3)} ms`);
  say(`  model                         ${(bytes / 1e6).toFixed(1)} MB, ${classifier.space.size} features`);
  say(`  unknown intents, AUROC        ${unknownIntents(learned, asked).toFixed(3)} (19 of 77 never learned)`);
}

/** How well the best score tells messages of learned intents from those of intents that were left out. */
function unknownIntents(learned: readonly Example[], asked: readonly Example[]): number {
  const labels = [...new Set(learned.map(({ label }) => label))].toSorted();
  const unknown = new Set(labels.filter((_label, index) => index % 4 === 3));
  const { classifier } = trainClassifier(learned.filter(({ label }) => !unknown.has(label)));
  const scored = asked
    .map(({ text, label }) => ({ isKnown: !unknown.has(label), score: classify(classifier, text)[0]?.score ?? 0 }))
    .toSorted((left, right) => left.score - right.score);
  let [rankOfKnown, known] = [0, 0];
  for (const [rank, { isKnown }] of scored.entries()) {
    if (!isKnown) continue;
    rankOfKnown += rank + 1;
    known += 1;
  }
  return (rankOfKnown - (known * (known + 1)) / 2) / (known * (scored.length - known));
}

const Utterance = z.object({
  language: z.string(),
  text: z.string(),
  route: z.string(),
  alsoOk: z.array(z.string()).default([]),
});

async function measureShipped(): Promise<void> {
  const taught = await taughtToSample();
  const { requests } = taught;
  const lesson = lessonOf(taught);
  const training = cpuOf(() => trainModel(lesson));
  const model = training.result;
  const file = new URL("../../test/conversations/open/utterances.jsonl", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const utterances = lines.map((line) => Utterance.parse(JSON.parse(line)));
  const isRight = ({ text, route, alsoOk }: z.infer<typeof Utterance>): boolean =>
    servedBy(recognize(model, text).label, requests).some((served) => [route, ...alsoOk].includes(served));
  say(`What the sample bot learns, ${lesson.examples.length} sentences in ${model.classifier.labels.length} kinds:`);
  say(`  CPU of training               ${(training.ms / 1_000).toFixed(1)} s with calibration`);
  say(`  model                         ${(writeModel(model).length / 1e6).toFixed(1)} MB`);
  for (const language of ["en", "de"]) {
    const own = utterances.filter((utterance) => utterance.language === language);
    say(`  blind messages understood, ${language} ${share(own.filter(isRight).length, own.length)} of ${own.length}`);
  }
}
