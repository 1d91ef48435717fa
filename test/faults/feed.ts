/**
 * The outside world: hands events in through producer processes, again and again until they are acknowledged, some of
 * them twice although they were, and writes down every step.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "./actors.ts";
import type { Operation } from "./checker.ts";
import { machineNow } from "./notes.ts";
import type { AcceptCommand, Answer } from "./processes/control.ts";

/** How long the platform waits for its acknowledgement before it sends the event again, and how long then. */
const PATIENCE_MS = 2_500;
const AGAIN_AFTER_MS = 400;

export interface FeedEvent {
  readonly token: string;
  readonly chat: string;
  readonly text: string;
  readonly confirms?: string;
}

export interface Feed {
  readonly operations: readonly Operation[];
  /** Hands the event in until it is acknowledged. `times` more hand-ins follow at random moments. */
  readonly hand: (event: FeedEvent, times?: number) => Promise<void>;
  /** One hand-in; undefined when no answer came. */
  readonly once: (event: FeedEvent) => Promise<Answer | undefined>;
  readonly answered: (answer: Answer, from: number) => void;
  /** Tokens that are not acknowledged yet. */
  readonly open: () => number;
  /** How long acknowledgements took, in ms. */
  readonly latencies: readonly number[];
}

/** Makes a feed over the producers that live at each moment. */
export function createFeed(producers: () => readonly Actor[]): Feed {
  const operations: Operation[] = [];
  const latencies: number[] = [];
  const waiting = new Map<string, (answer: Answer) => void>();
  const handed = new Set<string>();
  const acknowledged = new Set<string>();
  let calls = 0;
  const log = (type: Operation["type"], token: string, sequence?: number): void => {
    if (type === "invoke") handed.add(token);
    if (type === "ok") acknowledged.add(token);
    operations.push({ type, token, at: machineNow(), ...(sequence === undefined ? {} : { sequence }) });
  };

  async function once({ token, chat, text, confirms }: FeedEvent): Promise<Answer | undefined> {
    const all = producers().filter((producer) => producer.isAlive());
    const producer = all[Math.floor(Math.random() * all.length)];
    log("invoke", token);
    if (producer === undefined) {
      log("info", token);
      return undefined;
    }
    const call = (calls += 1);
    const command: AcceptCommand = {
      do: "accept",
      call,
      chat,
      text,
      key: token,
      ...(confirms === undefined ? {} : { confirms }),
    };
    const asked = `${producer.pid} ${call}`;
    const answer = await new Promise<Answer | undefined>((resolve) => {
      const late = setTimeout(() => resolve(undefined), PATIENCE_MS);
      waiting.set(asked, (given) => {
        clearTimeout(late);
        resolve(given);
      });
      producer.tell(command);
    });
    waiting.delete(asked);
    log(answer?.status ?? "info", token, answer?.sequence);
    if (answer?.status === "ok") latencies.push(answer.milliseconds);
    return answer;
  }

  return {
    operations,
    latencies,
    once,
    hand: async (event, times = Math.random() < 0.1 ? 1 : 0) => {
      while ((await once(event))?.status !== "ok") await sleep(AGAIN_AFTER_MS * (0.5 + Math.random()));
      for (let time = 0; time < times; time += 1) {
        await sleep(Math.random() * 200);
        await once(event);
      }
    },
    answered: (answer, from) => waiting.get(`${from} ${answer.call}`)?.(answer),
    open: () => handed.size - [...handed].filter((token) => acknowledged.has(token)).length,
  };
}

/** What a person types. */
export function message(chat: string, number: number, more = ""): FeedEvent {
  const token = `${chat}.${number}`;
  return { token, chat, text: `#${token} ${more}` };
}

export interface Pace {
  readonly events: number;
  readonly chats: number;
  readonly perSecond: number;
  /** True goes on feeding beyond `events` for as long as faults happen. */
  readonly whileFaults?: boolean;
  /** Letters after the platform's, so that experiments can feed several times. */
  readonly prefix?: string;
}

/**
 * Feeds messages over many chats, half of them on each platform, until there were enough (which `onEnough` is told) and
 * `goesOn` says no; resolves when all are acknowledged.
 */
export async function feedSteadily(
  feed: Feed,
  pace: Pace,
  { goesOn, onEnough }: { readonly goesOn: () => boolean; readonly onEnough: () => void },
): Promise<void> {
  const { events, chats, perSecond, prefix = "" } = pace;
  const numbers = new Map<string, number>();
  const handing: Promise<void>[] = [];
  const startedAt = machineNow();
  for (let index = 0; index < events || goesOn(); index += 1) {
    if (index === events) onEnough();
    const pick = Math.floor(Math.random() * chats);
    const chat = `${pick % 2 === 0 ? "k" : "p"}${prefix}${pick}`;
    const number = (numbers.get(chat) ?? 0) + 1;
    numbers.set(chat, number);
    handing.push(feed.hand(message(chat, number)));
    const dueMs = startedAt + ((index + 1) * 1000) / perSecond - machineNow();
    if (dueMs > 4) await sleep(dueMs);
  }
  await Promise.all(handing);
  onEnough();
}
