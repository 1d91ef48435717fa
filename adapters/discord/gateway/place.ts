/** Up to where everything that people said is durable, kept over restarts. */
import { z } from "zod";
import type { AdapterContext } from "../../../adapter.ts";
import { describeError } from "../../../adapter.ts";
import { snowflakeAt } from "./origin.ts";

const SAVE_EVERY_MS = 5_000;
/** Direct chats that are asked for missed messages; Discord lists none, so they are noted here. */
const MAX_DIRECTS = 200;
const KEY = "progress";

const Progress = z.object({ cursor: z.string(), directs: z.array(z.string()).default([]) });

export interface HistoryPlace {
  /** Everything up to this id is durable. */
  readonly cursor: () => string;
  readonly directs: () => readonly string[];
  /** A message is on its way: the cursor stays before it. */
  readonly expect: (messageId: string) => void;
  readonly waiting: () => number;
  /** It is durable. */
  readonly done: (messageId: string) => void;
  /** It was dropped, and is to be read from the history: the cursor stays before it until `recovered`. */
  readonly miss: (messageId: string) => void;
  /** True once something was dropped. */
  readonly misses: () => boolean;
  readonly recovered: () => void;
  /** Notes a direct chat; true where it was not known. */
  readonly note: (channelId: string) => boolean;
  readonly save: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openPlace({
  values,
  environment,
  log,
}: Pick<AdapterContext<never>, "values" | "environment" | "log">): Promise<HistoryPlace> {
  const saved = Progress.safeParse(await values?.get(KEY)).data;
  const waiting = new Set<string>();
  let newest = saved?.cursor ?? snowflakeAt(environment.clock());
  let directs: readonly string[] = saved?.directs ?? [];
  let missedFrom: string | undefined;
  let stored = "";

  const cursor = (): string => {
    const open = [...waiting, ...(missedFrom === undefined ? [] : [missedFrom])].map(BigInt);
    const oldest = open.reduce((least, id) => (id < least ? id : least), BigInt(newest) + 1n);
    return String(oldest - 1n);
  };
  const save = async (): Promise<void> => {
    const progress = { cursor: cursor(), directs: [...directs] };
    const text = JSON.stringify(progress);
    if (text === stored) return;
    try {
      await values?.set(KEY, progress);
      stored = text;
    } catch (thrown) {
      log.warn({ error: describeError(thrown) }, "the place in Discord's history could not be saved");
    }
  };
  // At once: a process that dies in its first seconds has a place to go on from as well.
  await save();
  const timer = setInterval(() => void save(), SAVE_EVERY_MS).unref();
  return {
    cursor,
    save,
    directs: () => directs,
    expect: (messageId) => void waiting.add(messageId),
    waiting: () => waiting.size,
    done: (messageId) => {
      waiting.delete(messageId);
      if (BigInt(messageId) > BigInt(newest)) newest = messageId;
    },
    miss: (messageId) => {
      missedFrom ??= messageId;
    },
    misses: () => missedFrom !== undefined,
    recovered: () => {
      missedFrom = undefined;
    },
    note: (channelId) => {
      const isNew = !directs.includes(channelId);
      if (directs[0] !== channelId)
        directs = [channelId, ...directs.filter((id) => id !== channelId)].slice(0, MAX_DIRECTS);
      return isNew;
    },
    close: async () => {
      clearInterval(timer);
      await save();
    },
  };
}
