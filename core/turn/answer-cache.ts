import { LRUCache } from "lru-cache";
import type { OpenToolPack } from "../bot.ts";
import type { Broker } from "../broker/broker.ts";
import type { Clock } from "../environment.ts";
import { Draft, type ReplyDraft } from "../reply.ts";
import { within } from "../timing/deadline.ts";

/** A question, and the state of what the bot answers from (`editionOf`): in another state its answer is another one. */
export interface CachedQuestion {
  readonly text: string;
  readonly edition: string;
}

/** Answers that depend on no user, account, history or action, for a few minutes. Neither call throws. */
export interface AnswerCache {
  readonly get: (question: CachedQuestion) => Promise<ReplyDraft | undefined>;
  readonly set: (question: CachedQuestion, draft: ReplyDraft) => Promise<void>;
}

/** The state of all that these packs answer from; undefined while one of them does not know it yet. */
export function editionOf(packs: readonly Pick<OpenToolPack, "edition">[]): string | undefined {
  const editions = packs.flatMap(({ edition }) => (edition === undefined ? [] : [edition()]));
  return editions.includes(undefined) ? undefined : editions.join();
}

const LONGEST_QUESTION = 2_000;
/** A broker that takes longer costs no more than what the crew takes anyway. */
const PATIENCE_MS = 100;

/** Makes the cache of one bot in this process. Bounded: what was longest not asked for goes first. */
export function createAnswerCache(options: {
  readonly clock: Clock;
  readonly seconds: number;
  /** @default 1_000 */
  readonly maxEntries?: number;
}): AnswerCache {
  const { clock, seconds, maxEntries = 1_000 } = options;
  const entries = new LRUCache<string, { readonly draft: ReplyDraft; readonly until: number }>({ max: maxEntries });
  return {
    get: async (question) => {
      const key = keyOf(question);
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.until > clock()) return entry.draft;
      entries.delete(key);
      return undefined;
    },
    set: async (question, draft) => {
      if (question.text.length > LONGEST_QUESTION) return;
      entries.set(keyOf(question), { draft, until: clock() + seconds * 1000 });
    },
  };
}

/**
 * The same for all processes that share a broker. `scope` says whose answers they are and by which configuration: with
 * another one none of them is found. The broker keeps the question as a hash.
 */
export function createSharedAnswerCache(options: {
  readonly broker: Pick<Broker, "remember" | "recall">;
  readonly scope: string;
  readonly seconds: number;
}): AnswerCache {
  const { broker, scope, seconds } = options;
  const placeOf = (question: CachedQuestion): string => JSON.stringify(["answer", scope, keyOf(question)]);
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> =>
    (await within(work, { ms: PATIENCE_MS }).catch(() => undefined))?.value;
  return {
    get: async (question) =>
      await attempt(async () => Draft.parse(JSON.parse((await broker.recall(placeOf(question))) ?? "null"))),
    set: async (question, draft) => {
      if (question.text.length > LONGEST_QUESTION) return;
      await attempt(async () => await broker.remember(placeOf(question), JSON.stringify(draft), seconds * 1000));
    },
  };
}

function keyOf({ text, edition }: CachedQuestion): string {
  return `${edition} ${text.normalize("NFKC").trim().replaceAll(/\s+/gu, " ").toLowerCase()}`;
}
