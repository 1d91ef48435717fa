/**
 * Finds free words that fill a field ("weather in new york tomorrow" → new york), learned from the sentences with which a
 * tool teaches how it is asked for: an averaged perceptron over the words around (Collins, 2002), decoded by Viterbi.
 */
import { LRUCache } from "lru-cache";
import { seededRandom } from "../random.ts";
import { loneName, nearOne, writtenName } from "./written-names.ts";
import { formOf, isSpoken, type Word, wordsOf } from "./words.ts";

/** A field and the words that fill it. */
export interface TaggedSpan {
  readonly field: string;
  /** Indexes of the first word and of the one behind the last. */
  readonly from: number;
  readonly next: number;
}

export interface Tagger {
  readonly tag: (words: readonly Word[]) => readonly TaggedSpan[];
}

/** What a tagger is trained from. */
export interface TaggerLesson {
  /** Sentences with fields in braces. */
  readonly asks: readonly string[];
  /** The fields that are free words; each other field in braces is a value of this kind. */
  readonly kinds: Readonly<Record<string, string>>;
  /** What people say around a request. */
  readonly openers: readonly string[];
  readonly closers: readonly string[];
  readonly prepositions: readonly string[];
  /** Fields that are filled by words only that no sentence has. */
  readonly rare?: ReadonlySet<string>;
  /** Phrases whose words are no names. */
  readonly others: readonly string[];
  /** Words of what people say of anything, which are no names (`commonWords`). */
  readonly common: ReadonlySet<string>;
}

interface Sample {
  readonly words: readonly Word[];
  readonly tags: readonly number[];
}

const EPOCHS = 6;
/** Each sentence is learned so many times, each time with other values, where there are few. */
const MOST_COPIES = 12;
const SAMPLES = 240;
const OUTSIDE = 0;

/** Bots that learn the same share one tagger. */
const trained = new LRUCache<string, Tagger>({ max: 64 });

/** Trains a tagger; nothing where no field is free words. The same lesson gives the same tagger. */
export function trainTagger(lesson: TaggerLesson): Tagger | undefined {
  const fields = Object.keys(lesson.kinds).filter((field) => lesson.kinds[field] === "text");
  if (fields.length === 0) return undefined;
  const key = JSON.stringify({ ...lesson, rare: [...(lesson.rare ?? [])] });
  const tagger = trained.get(key) ?? train(lesson, fields);
  trained.set(key, tagger);
  return tagger;
}

function train(lesson: TaggerLesson, fields: readonly string[]): Tagger {
  const vocabulary = wordsIn(lesson.asks.map((ask) => ask.replaceAll(/\{\w+\}/gu, " ")));
  const { openers, closers, others, common } = lesson;
  const known = new Set([
    ...vocabulary,
    ...wordsIn([...openers, ...closers, ...lesson.prepositions, ...others]),
    ...common,
  ]);
  const prepositions = new Set(lesson.prepositions.map(formOf));
  const frequent = [...known].filter((word) => word.length > 2);
  const random = seededRandom(7);
  const isFree = (ask: string): boolean => fields.some((field) => ask.includes(`{${field}}`));
  const free = spread(lesson.asks.filter(isFree), SAMPLES);
  const asks = [
    ...free,
    ...spread(
      lesson.asks.filter((ask) => !isFree(ask)),
      Math.max(20, free.length / 3),
    ),
  ];
  const copies = Math.min(MOST_COPIES, Math.ceil(SAMPLES / asks.length));
  const samples = asks.flatMap((ask) =>
    Array.from({ length: copies }, () => sampleOf(ask, { lesson, fields, frequent, random })),
  );
  const weights = perceptron(samples, { fields, known, random });
  const isPreposition = (word: Word | undefined): boolean => prepositions.has(word?.form ?? "");
  return {
    tag: (words) => {
      const tagged = spansOf(decode(words, { fields, known, weights }), words, fields);
      const isName = ({ field, from, next }: TaggedSpan): boolean => {
        const span = words.slice(from, next);
        // Behind a preposition a capital shows a name that is a word as well, where no sentence asks with it.
        const isWritten = ({ form, isCapital }: Word): boolean =>
          isCapital && isPreposition(words[from - 1]) && !vocabulary.has(form);
        if (lesson.rare?.has(field) === true)
          return span.some((word) => word.form.length > 2 && (!known.has(word.form) || isWritten(word)));
        return isPreposition(words[from - 1]) || span.some(({ form }) => !vocabulary.has(form));
      };
      const spans = tagged
        .map((span) => withoutTail(behindPreposition(span, words, isPreposition), words, isPreposition))
        .filter(isName);
      return fields.flatMap((field) => {
        const own = spans.filter((span) => span.field === field);
        const written = (word: Word, isLed: boolean): boolean =>
          word.isCapital
            ? !vocabulary.has(word.form) && !common.has(word.form)
            : isLed && word.form.length > 3 && !nearOne(word.form, known);
        const best =
          own.find(({ from }) => isPreposition(words[from - 1])) ??
          own[0] ??
          loneName(words, known) ??
          (lesson.rare?.has(field) === true ? writtenName(words, isPreposition, written) : undefined);
        return best === undefined ? [] : [{ ...best, field }];
      });
    },
  };
}

/** At most so many of them, evenly taken. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, items.length / most);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/** Words that sentences use: no names. */
function wordsIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => wordsOf(text).map(({ form }) => form)));
}

/** In fewer sentences a word may be somebody's name that was told in one. */
const COMMON_SENTENCES = 4;

/** The words of many sentences, in which what few of them hold may be somebody's name; all words of a few. */
export function commonWords(sentences: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const sentence of sentences)
    for (const word of wordsIn([sentence])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const least = sentences.length < MANY_SENTENCES ? 1 : COMMON_SENTENCES;
  return new Set([...counts].flatMap(([word, count]) => (count >= least ? [word] : [])));
}

const MANY_SENTENCES = 5_000;

interface Sampling {
  /** Words of others' sentences: a name may hold some of them. */
  readonly frequent: readonly string[];
  readonly lesson: TaggerLesson;
  readonly fields: readonly string[];
  readonly random: () => number;
}

/** The sentence with made-up values, as somebody may type it. */
function sampleOf(ask: string, { lesson, fields, frequent, random }: Sampling): Sample {
  const words: Word[] = [];
  const tags: number[] = [];
  const chance = (share: number): boolean => random() < share;
  const add = (text: string, field?: number): void => {
    for (const [index, word] of wordsOf(text).entries()) {
      // Some words of a request are new, too: not all that is unknown is a value.
      const isNew = field === undefined ? word.form.length > 3 && chance(0.04) : !chance(0.12);
      words.push({ ...word, form: isNew ? UNKNOWN : field === undefined ? word.form : pick(frequent, random) });
      tags.push(field === undefined ? OUTSIDE : 1 + 2 * field + Math.min(1, index));
    }
  };
  if (chance(0.25)) add(pick(lesson.openers, random));
  const isLower = chance(0.5);
  for (const piece of ask.split(/(?=\{\w+\})|(?<=\})/u)) {
    const name = /^\{(\w+)\}$/u.exec(piece)?.[1];
    const kind = name === undefined ? undefined : lesson.kinds[name];
    if (name === undefined) add(piece);
    else if (kind === "text") add(madeUp(random, isLower), fields.indexOf(name));
    else {
      words.push({ start: 0, end: 0, literal: name, form: `<${kind ?? "text"}>`, isCapital: false });
      tags.push(OUTSIDE);
    }
  }
  if (chance(0.25)) add(pick(lesson.closers, random));
  return { words, tags };
}

const UNKNOWN = "<unknown>";
const syllables = "ba de ki lo mu na per ra sto ten vi wal gar hol jen".split(" ");
const joints = "of the upon de la am an der van el".split(" ");

/** One to three words that nobody knows. */
function madeUp(random: () => number, isLower: boolean): string {
  const word = (): string => {
    const letters = Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(syllables, random)).join("");
    return isLower ? letters : letters.charAt(0).toUpperCase() + letters.slice(1);
  };
  const draw = random();
  if (draw < 0.6) return word();
  if (draw < 0.85) return `${word()} ${word()}`;
  return draw < 0.95 ? `${word()} ${pick(joints, random)} ${word()}` : `${word()} ${word()} ${word()}`;
}

function pick(items: readonly string[], random: () => number): string {
  return items[Math.floor(random() * items.length)] ?? "";
}

interface Model {
  readonly fields: readonly string[];
  readonly known: ReadonlySet<string>;
  /** By feature and tag, `feature\u0000tag`. */
  readonly weights: ReadonlyMap<string, number>;
}

function featuresOf(words: readonly Word[], at: number, known: ReadonlySet<string>): readonly string[] {
  const form = (index: number): string => {
    const word = words[index];
    if (word === undefined) return index < 0 ? "<start>" : "<end>";
    return word.form.startsWith("<") || known.has(word.form) ? word.form : isSpoken(word) ? UNKNOWN : word.form;
  };
  const [before, here, after] = [form(at - 1), form(at), form(at + 1)];
  return [
    "bias",
    `here ${here}`,
    `before ${before}`,
    `after ${after}`,
    `around ${before} ${after}`,
    `two before ${form(at - 2)} ${before}`,
    `pair ${before} ${here}`,
    `next ${here} ${after}`,
    ...(words[at]?.isCapital === true && at > 0 ? ["capital"] : []),
  ];
}

/** The best tags of all, word by word. An inside tag follows only its own beginning or inside. */
function decode(words: readonly Word[], { fields, known, weights }: Model): readonly number[] {
  const tags = 1 + 2 * fields.length;
  const mayFollow = (tag: number, previous: number): boolean =>
    tag === OUTSIDE || tag % 2 === 1 || previous === tag || previous === tag - 1;
  let best: readonly number[] = Array.from({ length: tags }, (_, tag) => (tag === OUTSIDE ? 0 : -Infinity));
  const back: number[][] = [];
  for (const at of words.keys()) {
    const features = featuresOf(words, at, known);
    const from: number[] = [];
    const scores: number[] = [];
    for (let tag = 0; tag < tags; tag += 1) {
      const own = features.reduce((sum, feature) => sum + (weights.get(`${feature}\0${tag}`) ?? 0), 0);
      let [winner, score] = [0, -Infinity];
      for (const [previous, value] of best.entries()) {
        const total = value + (weights.get(`after tag ${previous}\0${tag}`) ?? 0);
        if (total > score && mayFollow(tag, previous)) [winner, score] = [previous, total];
      }
      from.push(winner);
      scores.push(score + own);
    }
    back.push(from);
    best = scores;
  }
  let tag = best.indexOf(Math.max(...best));
  const found: number[] = [];
  for (const from of back.toReversed()) {
    found.push(tag);
    tag = from[tag] ?? OUTSIDE;
  }
  return found.toReversed();
}

/** Perceptron updates, averaged over all steps. */
function perceptron(
  samples: readonly Sample[],
  {
    fields,
    known,
    random,
  }: { readonly fields: readonly string[]; readonly known: ReadonlySet<string>; readonly random: () => number },
): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const sums = new Map<string, number>();
  let step = 1;
  const update = (key: string, by: number): void => {
    weights.set(key, (weights.get(key) ?? 0) + by);
    sums.set(key, (sums.get(key) ?? 0) + by * step);
  };
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const order = samples.map((sample) => ({ sample, key: random() })).toSorted((one, other) => one.key - other.key);
    for (const { sample } of order) {
      const { words, tags } = sample;
      const guess = decode(words, { fields, known, weights });
      step += 1;
      for (const [at, tag] of tags.entries()) {
        const guessed = guess[at] ?? OUTSIDE;
        const [before, guessedBefore] = [tags[at - 1] ?? OUTSIDE, guess[at - 1] ?? OUTSIDE];
        if (guessed === tag && before === guessedBefore) continue;
        update(`after tag ${before}\0${tag}`, 1);
        update(`after tag ${guessedBefore}\0${guessed}`, -1);
        if (guessed === tag) continue;
        for (const feature of featuresOf(words, at, known)) {
          update(`${feature}\0${tag}`, 1);
          update(`${feature}\0${guessed}`, -1);
        }
      }
    }
  }
  return new Map([...weights].map(([key, weight]) => [key, weight - (sums.get(key) ?? 0) / step]));
}

/** "travelling to Graz": what stands before a preposition inside is no part of a name. */
function behindPreposition(
  span: TaggedSpan,
  words: readonly Word[],
  is: (word: Word | undefined) => boolean,
): TaggedSpan {
  const inside = words.slice(span.from, span.next - 1);
  const last = inside.findLastIndex((word) => is(word) && !joints.includes(word.form));
  return last < 0 ? span : { ...span, from: span.from + last + 1 };
}

/** "Stavanger on", "Norderney?": neither a preposition nor a mark ends a name. */
function withoutTail(
  span: TaggedSpan,
  words: readonly Word[],
  isPreposition: (word: Word | undefined) => boolean,
): TaggedSpan {
  let { next } = span;
  const isTail = (word: Word | undefined): boolean => isPreposition(word) || (word !== undefined && !isSpoken(word));
  while (next > span.from + 1 && isTail(words[next - 1])) next -= 1;
  return { ...span, next };
}

/** What may stand inside a name of several words. */
const isJoint = (word: Word | undefined): boolean => word?.form === "." || joints.includes(word?.form ?? "");

function spansOf(tags: readonly number[], words: readonly Word[], fields: readonly string[]): readonly TaggedSpan[] {
  const found: TaggedSpan[] = [];
  for (const [at, tag] of tags.entries()) {
    const field = fields[Math.floor((tag - 1) / 2)];
    const last = found.at(-1);
    if (tag === OUTSIDE || field === undefined) continue;
    const isContinued =
      last?.field === field && (last.next === at ? tag % 2 === 0 : last.next === at - 1 && isJoint(words[at - 1]));
    if (last !== undefined && isContinued) found[found.length - 1] = { ...last, next: at + 1 };
    else found.push({ field, from: at, next: at + 1 });
  }
  return found;
}
