/** People who talk with the echo bot all the time, and count. What is lost, said twice or out of order shows. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalPerson } from "../../core/testing/index.ts";
import type { LocalTelegram } from "../../adapters/telegram/testing/index.ts";

export interface Zeros {
  readonly said: number;
  readonly lost: number;
  readonly twice: number;
  readonly outOfOrder: number;
}

export interface Talkers {
  /** Everybody stops talking. */
  readonly hush: () => Promise<void>;
  readonly count: () => Zeros;
  /** Gives what counts the unanswered of what was said until now. */
  readonly soFar: () => () => number;
}

/** Whoever waits for so many answers says nothing more: a machine that is busy with other things keeps up. */
const MOST_UNANSWERED = 20;

/** Starts people who each say the next number every `everyMs`. */
export function startTalkers(telegram: LocalTelegram, people: number, everyMs: number): Talkers {
  const closing = new AbortController();
  const talkers = Array.from({ length: people }, (_, index) => {
    const person = telegram.person(String(5_000 + index), `Talker ${index}`);
    const state = { said: 0 };
    const talk = async (): Promise<void> => {
      while (!closing.signal.aborted) {
        if (countOf(person, state.said).lost < MOST_UNANSWERED) {
          state.said += 1;
          await person.say(String(state.said));
        }
        await sleep(everyMs, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    };
    const talking = talk();
    return { person, state, talking };
  });
  return {
    hush: async () => {
      closing.abort();
      await Promise.all(talkers.map(async ({ talking }) => await talking));
    },
    count: () => {
      const counts = talkers.map(({ person, state }) => countOf(person, state.said));
      const sum = (key: keyof Zeros): number => counts.reduce((total, one) => total + one[key], 0);
      return { said: sum("said"), lost: sum("lost"), twice: sum("twice"), outOfOrder: sum("outOfOrder") };
    },
    soFar: () => {
      const until = talkers.map(({ person, state: { said } }) => ({ person, said }));
      return () => until.reduce((lost, { person, said }) => lost + countOf(person, said).lost, 0);
    },
  };
}

function countOf(person: Pick<LocalPerson, "sees">, until: number): Zeros {
  const heard = person
    .sees()
    .filter(({ author }) => author.isBot)
    .flatMap(({ plain }) => [...plain.matchAll(/said (\d+)/gu)].map(([, number]) => Number(number)));
  const each = new Set(heard);
  const said = Array.from({ length: until }, (_, index) => index + 1);
  return {
    said: until,
    lost: said.filter((number) => !each.has(number)).length,
    twice: heard.length - each.size,
    outOfOrder: heard.filter((number, index) => number < Math.max(0, ...heard.slice(0, index))).length,
  };
}
