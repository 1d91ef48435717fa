/** Words that hardly anybody says who does not ask for a tool: they tell it where its few sentences are unlike the message. */
import type { DescribedTool } from "../../core/tool.ts";
import { generalRequests } from "./language.ts";
import { MANY } from "./lesson.ts";
import { FOREIGN } from "./recognize.ts";
import { wordsOf } from "./slots/words.ts";

/** So much likelier a word stands in a sentence that asks for the tool than in any other. */
const LIKELIER = 20;
const SHORTEST = 4;
/** "schneit" and "Schnee": so many first letters are the same word. */
const STEM = 5;
/** "snowing" is "snow": an ending is no longer. */
const LONGEST_ENDING = 3;

/** By tool: its own words. A tool with many sentences is known by them. */
export function topicWordsOf(tools: readonly DescribedTool[]): ReadonlyMap<string, ReadonlySet<string>> {
  const asksOf = ({ language }: DescribedTool): readonly string[] =>
    Object.values(language).flatMap(({ asks }) => asks);
  const isTaughtWell = ({ language }: DescribedTool): boolean =>
    Object.values(language).some(({ asks }) => asks.length >= MANY);
  // What people say to every bot, as far as a tool does not take it over.
  const common = generalRequests().flatMap(({ name, sentences }) =>
    name === FOREIGN || name === "small_talk" ? [] : sentences,
  );
  const others = [...common, ...tools.filter(isTaughtWell).flatMap(asksOf)];
  const said = countsOf(others);
  return new Map(
    tools.filter((tool) => !isTaughtWell(tool)).map((tool) => [tool.name, ownWords(asksOf(tool), said, others.length)]),
  );
}

function ownWords(asks: readonly string[], said: ReadonlyMap<string, number>, others: number): ReadonlySet<string> {
  const isOwn = ([word, count]: readonly [string, number]): boolean =>
    count / asks.length > (LIKELIER * (said.get(word) ?? 0)) / others;
  return new Set([...countsOf(asks)].filter(isOwn).map(([word]) => word));
}

/** In how many of the sentences each longer word stands. */
function countsOf(sentences: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of new Set(longWords(sentence.replaceAll(/\{\w+\}/gu, " ")))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

const longWords = (text: string): readonly string[] =>
  wordsOf(text)
    .map(({ form }) => form)
    .filter((form) => form.length >= SHORTEST);

/** How many different words of a text are among the own ones. */
export function topicWordsIn(text: string, own: ReadonlySet<string>): number {
  const stems = new Set([...own].filter((word) => word.length >= STEM).map((word) => word.slice(0, STEM)));
  const isEnded = (word: string): boolean =>
    Array.from({ length: LONGEST_ENDING }, (_, at) => word.slice(0, -1 - at)).some(
      (stem) => stem.length >= SHORTEST && own.has(stem),
    );
  const isOwn = (word: string): boolean => own.has(word) || stems.has(word.slice(0, STEM)) || isEnded(word);
  return new Set(longWords(text).filter(isOwn)).size;
}
