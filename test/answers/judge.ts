/** What came of a question: judged by what its case asks for, never by how it is put. */
import { replyMarkdown } from "../../core/delivery/index.ts";
import type { Reply, Source } from "../../core/reply.ts";
import { actsOf, type TurnFacts } from "../../cli/testing/facts.ts";
import type { Answerable, Case } from "./cases.ts";
import { citedText, type Documents, stands } from "./documents.ts";
import { says } from "./spelling.ts";

/** A table of at most so many rows is short, whatever stands in it. */
const MOST_ROWS = 5;
/**
 * `correct`: every fact, nothing forbidden, short, and citations that hold; `insufficient`: a fact is missing or it is too
 * long; `wrong`: something forbidden, or cited without any fact; `refused`; `no-citation`: none, or one that does not hold.
 * Where no document answers, `refused` is right, `cited` is the failure, `no-citation` is beside the question.
 */
export type Class = "correct" | "insufficient" | "wrong" | "refused" | "no-citation" | "cited";

export interface Verdict {
  readonly class: Class;
  /** What does not hold, each in a few words. */
  readonly reasons: readonly string[];
  /** Of a refusal: what it does instead, and whether it offers topics. */
  readonly refusal?: string | undefined;
  readonly citations: Citations;
}

/** How many citations there are, name a document in which the quote stands, and hold a fact that was asked for. */
export interface Citations {
  readonly total: number;
  readonly standing: number;
  readonly holding: number;
}

/** What is judged of a turn. */
export type Came = Pick<TurnFacts, "replies" | "trace">;

export function judge(asked: Case, came: Came, documents: Documents): Verdict {
  const sources = came.replies.flatMap((reply) => reply.sources);
  const citations = citationsOf(asked, sources, documents);
  const refusal = sources.length === 0 ? refusalOf(came) : undefined;
  if ("required" in asked)
    return { ...(refusal ? refused(refusal) : answered(asked, came, documents)), refusal, citations };
  const isCited = sources.length > 0;
  return { class: isCited ? "cited" : refusal ? "refused" : "no-citation", reasons: [], refusal, citations };
}

const refused = (refusal: string): Pick<Verdict, "class" | "reasons"> => ({ class: "refused", reasons: [refusal] });

/** It says that it does not know; or that it cannot, or is not sure what is meant, and offers topics. */
function refusalOf(came: Came): string | undefined {
  const acts = actsOf(came);
  const hasTopics = came.replies.some(({ choices = [] }) => choices.length > 0);
  if (acts.some(({ act }) => act === "does-not-know"))
    return hasTopics ? "does-not-know, with topics" : "does-not-know";
  const offering = acts.find(({ act, missing }) => act === "cannot" || (act === "asks" && missing === "which"));
  return hasTopics && offering?.act ? `${offering.act}, with topics` : undefined;
}

function answered(asked: Answerable, { replies }: Came, documents: Documents): Pick<Verdict, "class" | "reasons"> {
  const text = answerOf(replies);
  const sources = replies.flatMap((reply) => reply.sources);
  const forbidden = asked.forbidden.filter((one) => says(text, [one]));
  const missing = asked.required.filter((spellings) => !says(text, spellings));
  const reasons = [
    ...forbidden.map((one) => `says ${one}`),
    ...missing.map(([one = ""]) => `lacks ${one}`),
    ...lengthOf(text, asked.words),
  ];
  const isCited = sources.length > 0;
  if (forbidden.length > 0 || (isCited && missing.length === asked.required.length)) return { class: "wrong", reasons };
  if (!isCited) return { class: "no-citation", reasons: [...reasons, "cites nothing"] };
  if (reasons.length > 0) return { class: "insufficient", reasons };
  const unfounded = unfoundedIn(asked, sources, documents);
  return { class: unfounded.length === 0 ? "correct" : "no-citation", reasons: unfounded };
}

/** What a person reads as the answer: words and cards, without sources, buttons, disclaimers and marks of citations. */
export function answerOf(replies: readonly Reply[]): string {
  const shown = replies.map((reply) =>
    replyMarkdown({ ...reply, disclaimers: [] }, { choices: true, proposal: true, sources: true, files: true }),
  );
  return shown
    .join("\n\n")
    .replaceAll(/(?:\[\d+\])+/gu, "")
    .replaceAll(/\\(?=\p{P}|\p{S})/gu, "");
}

function lengthOf(text: string, most: number): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const isRow = (line: string): boolean => line.startsWith("|");
  const headers = lines.filter((line) => isRow(line) && /^[|\s:-]+$/u.test(line) && line.includes("-")).length;
  const rows = lines.filter(isRow).length - 2 * headers;
  const words = lines
    .filter((line) => !isRow(line))
    .join(" ")
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  return [
    ...(words > most ? [`is too long: ${words} of ${most} words`] : []),
    ...(rows > MOST_ROWS ? [`is too long: ${rows} of ${MOST_ROWS} rows`] : []),
  ];
}

/** Citations that are none, and facts of the documents that no citation shows. A sum stands in no document. */
function unfoundedIn(asked: Answerable, sources: readonly Source[], documents: Documents): readonly string[] {
  const broken = sources.flatMap((source) => {
    const document = documents.cited(source);
    if (document === undefined) return [`cites no document: ${source.title}`];
    return stands(source.quote, document) ? [] : [`quotes what does not stand in ${document.path}`];
  });
  const written = documents.textsOf(asked.documents);
  const unshown = asked.required
    .filter((spellings) => says(written, spellings) && !sources.some((source) => shows(source, spellings, documents)))
    .map(([one = ""]) => `no citation shows ${one}`);
  return [...broken, ...unshown];
}

/** True where the fact stands in the quote or in the section that is cited. */
function shows(source: Source, spellings: readonly string[], documents: Documents): boolean {
  const document = documents.cited(source);
  return document !== undefined && says(citedText(source, document), spellings);
}

function citationsOf(asked: Case, sources: readonly Source[], documents: Documents): Citations {
  const isStanding = (source: Source): boolean => {
    const document = documents.cited(source);
    return document !== undefined && stands(source.quote, document);
  };
  const facts = "required" in asked ? asked.required : [];
  return {
    total: sources.length,
    standing: sources.filter(isStanding).length,
    holding: sources.filter((source) => facts.some((spellings) => shows(source, spellings, documents))).length,
  };
}
