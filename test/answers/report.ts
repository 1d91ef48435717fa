/** What the answers came to, in figures; the misses only of the half that may be read. */
import type { Judged } from "./ask.ts";
import type { Class } from "./judge.ts";

const OF_ANSWERABLE = ["correct", "insufficient", "wrong", "refused", "no-citation"] as const;
const OF_UNANSWERABLE = ["refused", "cited", "no-citation"] as const;
/** Below the first nothing is answered from documents. */
const THRESHOLDS = [0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/** The lines of the report. */
export function figuresOf(all: readonly Judged[]): readonly string[] {
  const answerable = all.filter(({ asked }) => "required" in asked);
  const unanswerable = all.filter(({ asked }) => !("required" in asked));
  return [
    ...tableOf("questions that the documents answer", answerable, OF_ANSWERABLE),
    `  of ${count(answerable, "insufficient")} insufficient: ${answerable.filter(isTooLongAlone).length} only too long`,
    `  of ${count(answerable, "wrong")} wrong: ${answerable.filter(isRightBesides).length} tell every fact, and something forbidden beside it`,
    ...citationsOf(answerable),
    "",
    ...tableOf("questions that no document answers", unanswerable, OF_UNANSWERABLE),
    ...refusalsOf(unanswerable),
    "",
    ...curveOf(answerable, unanswerable),
    ...timesOf(all),
  ];
}

/** Each question that was not answered, or not refused, as it should be. */
export function missesOf(all: readonly Judged[]): readonly string[] {
  return all
    .filter(({ asked, verdict }) => verdict.class !== ("required" in asked ? "correct" : "refused"))
    .flatMap(({ asked, verdict, answer, evidence, called }) => [
      `${verdict.class} ${asked.id} (${asked.kind}): ${asked.question}`,
      ...verdict.reasons.map((reason) => `    ${reason}`),
      `    ${"required" in asked ? `right: ${asked.answer}` : `right: a refusal, ${asked.missing}`}`,
      `    called ${called.join(", ") || "nothing"}, evidence ${evidence ?? "none"}`,
      `    came: ${answer.replaceAll(/\s+/gu, " ")}`,
    ]);
}

const count = (all: readonly Judged[], one: Class): number => all.filter(({ verdict }) => verdict.class === one).length;

const isTooLongAlone = ({ verdict }: Judged): boolean =>
  verdict.class === "insufficient" && verdict.reasons.every((reason) => reason.startsWith("is too long"));

/** Such as a whole table, where one of its rows was asked for. */
const isRightBesides = ({ verdict }: Judged): boolean =>
  verdict.class === "wrong" && verdict.reasons.every((reason) => !reason.startsWith("lacks"));

function tableOf(title: string, all: readonly Judged[], classes: readonly Class[]): readonly string[] {
  const groups = [
    ...groupsBy(all, ({ asked }) => asked.kind),
    ...groupsBy(all, ({ asked }) => asked.language),
    ["all", all] as const,
  ];
  const width = Math.max(15, ...groups.map(([name]) => name.length));
  const rows = groups.map(([name, group]) => {
    const counts = classes.map((one) => String(count(group, one)).padStart(one.length));
    return `  ${name.padEnd(width)}  ${String(group.length).padStart(4)}  ${counts.join("  ")}  ${percent(right(group), group.length)}`;
  });
  return [title, `  ${"".padEnd(width)}   all  ${classes.join("  ")}    right`, ...rows];
}

const right = (group: readonly Judged[]): number =>
  group.filter(({ asked, verdict }) => verdict.class === ("required" in asked ? "correct" : "refused")).length;

function groupsBy(
  all: readonly Judged[],
  keyOf: (one: Judged) => string,
): readonly (readonly [string, readonly Judged[]])[] {
  const keys = [...new Set(all.map(keyOf))].toSorted();
  return keys.map((key) => [key, all.filter((one) => keyOf(one) === key)]);
}

const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(1).padStart(5)} %`;

function citationsOf(all: readonly Judged[]): readonly string[] {
  const sum = (key: "total" | "standing" | "holding"): number =>
    all.reduce((total, { verdict }) => total + verdict.citations[key], 0);
  return [
    `  ${sum("total")} citations: the quote stands in the document ${sum("standing")}, the section holds a fact ${sum("holding")}`,
  ];
}

function refusalsOf(all: readonly Judged[]): readonly string[] {
  const refusals = groupsBy(
    all.filter(({ verdict }) => verdict.class === "refused"),
    ({ verdict }) => verdict.refusal ?? "",
  );
  return [`  refusals: ${refusals.map(([name, group]) => `${name} ${group.length}`).join("; ") || "none"}`];
}

/** What would be answered with a higher threshold: everything else would be refused. */
function curveOf(answerable: readonly Judged[], unanswerable: readonly Judged[]): readonly string[] {
  const isByDocuments = ({ verdict, evidence }: Judged): boolean =>
    verdict.citations.total > 0 && evidence !== undefined;
  const rows = THRESHOLDS.map((threshold) => {
    const isAnswered = (one: Judged): boolean => isByDocuments(one) && (one.evidence ?? 0) >= threshold;
    const known = answerable.filter(isAnswered);
    const figures = [
      known.length,
      count(known, "correct"),
      count(known, "wrong"),
      unanswerable.filter(isAnswered).length,
    ];
    return `  ${threshold.toFixed(2).padStart(9)}  ${figures.map((figure) => String(figure).padStart(8)).join("  ")}`;
  });
  const others = [...answerable, ...unanswerable].filter(
    (one) => one.verdict.citations.total > 0 && !isByDocuments(one),
  );
  return [
    `evidence of at least: answered of ${answerable.length}, correct, wrong, and answered of the ${unanswerable.length} that no document answers`,
    "  threshold  answered   correct     wrong  unfounded",
    ...rows,
    `  ${others.length} further answers cite something that is no document and has no evidence`,
  ];
}

function timesOf(all: readonly Judged[]): readonly string[] {
  const times = all.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  const at = (share: number): string => `${Math.round(times[Math.floor(share * (times.length - 1))] ?? 0)} ms`;
  return [`  ${all.length} questions, p50 ${at(0.5)}, p95 ${at(0.95)}`];
}
