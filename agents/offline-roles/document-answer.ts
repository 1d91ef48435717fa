/** Answers from passages: their own best sentences, literally, each with the number of its source. */
import { z } from "zod";
import type { Source } from "../../core/reply.ts";
import type { ToolResult } from "../../core/tool.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { sampleChoices } from "./abilities.ts";
import { guesses } from "./out-of-scope.ts";
import type { Reading } from "./reading.ts";
import { literal } from "./markdown.ts";

const Found = z.looseObject({
  passages: z.array(z.looseObject({ quote: z.string(), score: z.number().default(0.5) })),
});

/** Further passages are shown when they are nearly as good as the best. */
const NEARLY_AS_GOOD = 0.8;
const MOST_PASSAGES = 3;

/** The answer, or undefined when the documents have none. */
export function answerFromDocuments({ value, sources = [] }: ToolResult, understood: number): Draft | undefined {
  const passages = Found.safeParse(value).data?.passages ?? [];
  const cited = sources
    .map((source) => ({ source, score: passages.find(({ quote }) => quote === source.quote)?.score ?? 0.5 }))
    .filter(({ score }, _index, all) => score >= (all[0]?.score ?? 0) * NEARLY_AS_GOOD)
    .filter(({ source }, index, all) => all.findIndex((other) => isSameQuote(other.source.quote, source.quote)) === index)
    .slice(0, MOST_PASSAGES);
  const best = cited[0];
  if (best === undefined) return undefined;
  const text = cited.map(({ source }, index) => sentence(source, index + 1)).join("\n\n");
  return {
    text,
    sources: cited.map(({ source }) => source),
    confidence: Math.min(0.95, 0.3 + 0.5 * best.score + 0.2 * understood),
  };
}

/** Says that the documents do not answer, and what might have been meant. */
export function nothingFound(reading: Reading, desk: Desk): Draft {
  const choices = guesses(reading, desk);
  const offer = choices.length > 0 ? " Did you mean one of these?" : " Here is what I can help with.";
  return {
    text: `I found no answer to that in my documents, and I do not want to guess.${offer}`,
    choices: choices.length > 0 ? choices : sampleChoices(desk),
    confidence: 0.2,
  };
}

function sentence({ quote }: Source, number: number): string {
  return `${literal(quote)} [${number}]`;
}

function isSameQuote(left: string, right: string): boolean {
  return left === right || left.includes(right) || right.includes(left);
}
