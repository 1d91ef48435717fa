/** A person's side of a chat: say something, wait for what is shown. */
import type { CompletePerson, CompletePlatform, SayOptions, SeenMessage } from "../../core/testing/index.ts";

/** No measure of speed: a busy machine answers late, a lost answer never comes. */
const TIMEOUT_MS = 120_000;
/** An answer counts as finished when nothing changes for this long. */
const QUIET_MS = 350;

/** One person in one chat. */
export interface Watching {
  readonly person: CompletePerson;
  /** Says it and waits until what the bot shows since then matches; gives those messages. */
  readonly ask: (text: string, expected: RegExp, options?: SayOptions) => Promise<readonly SeenMessage[]>;
  /** Does it and waits, in the same way. */
  readonly after: (action: () => Promise<unknown>, expected: RegExp) => Promise<readonly SeenMessage[]>;
  /** What the bot shows in this chat now. */
  readonly shown: () => readonly SeenMessage[];
}

/** Watches the direct chat, or a group. */
export function watch(platform: CompletePlatform, person: CompletePerson, chat?: string): Watching {
  const shown = (): readonly SeenMessage[] => person.sees(chat).filter(({ author }) => author.isBot);
  const after = async (action: () => Promise<unknown>, expected: RegExp): Promise<readonly SeenMessage[]> => {
    const before = new Set(shown().map(({ id }) => id));
    const fresh = (): readonly SeenMessage[] => shown().filter(({ id }) => !before.has(id));
    await action();
    await until(
      platform,
      () => expected.test(wordsOf(fresh())),
      () =>
        `${platform.platform}: expected ${String(expected)}, ${person.name} saw:\n${wordsOf(fresh()) || "(nothing)"}`,
    );
    await untilQuiet(platform);
    return fresh();
  };
  return {
    person,
    shown,
    after,
    ask: async (text, expected, options = {}) =>
      await after(async () => await person.say(text, chat === undefined ? options : { ...options, chat }), expected),
  };
}

/** All words of the messages, as a person reads them down the screen. */
export function wordsOf(messages: readonly SeenMessage[]): string {
  return messages.map(({ plain }) => plain).join("\n");
}

/** Resolves once it holds; looks whenever something changed. Rejects with the explanation after two minutes. */
export async function until(platform: CompletePlatform, holds: () => boolean, explain: () => string): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const end = (outcome: () => void): void => {
      clearTimeout(deadline);
      clearInterval(poll);
      unsubscribe();
      outcome();
    };
    const look = (): void => {
      if (holds()) end(resolve);
    };
    const deadline = setTimeout(() => end(() => reject(new Error(explain()))), TIMEOUT_MS);
    // Not everything that is waited for is a change on the platform.
    const poll = setInterval(look, 200);
    const unsubscribe = platform.onChange(look);
  });
}

async function untilQuiet(platform: CompletePlatform): Promise<void> {
  await new Promise<void>((resolve) => {
    let timer: NodeJS.Timeout;
    const start = (): void => {
      timer = setTimeout(() => {
        unsubscribe();
        resolve();
      }, QUIET_MS);
    };
    const unsubscribe = platform.onChange(() => {
      clearTimeout(timer);
      start();
    });
    start();
  });
}
