/** People on a local platform who say numbered things; what each of them should be told is known. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CompletePerson, CompletePlatform } from "../../core/testing/index.ts";
import { must } from "./experiment.ts";
import { machineNow } from "./notes.ts";

export interface Asking {
  readonly person: CompletePerson;
  /** What they said, in order. */
  readonly tokens: string[];
}

export function peopleOf(platform: CompletePlatform, count: number): readonly Asking[] {
  return Array.from({ length: count }, (_, index) => ({
    person: platform.person(String(10_000 + index), `Person ${index}`),
    tokens: [],
  }));
}

/** Has the next of them say the thing with this number. */
export async function sayNext(people: readonly Asking[], number: number): Promise<void> {
  const asking = people[number % people.length];
  if (asking === undefined) return;
  const token = `t${number}`;
  asking.tokens.push(token);
  await asking.person.say(token);
}

/** Gives up when nobody was answered for so long: a busy machine works off slowly what was said. Gives how long it took. */
export async function untilAllAnswered(people: readonly Asking[], patienceMs: number): Promise<number> {
  const startedAt = machineNow();
  const said = people.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const answered = (): number => people.reduce((sum, asking) => sum + new Set(answersTo(asking)).size, 0);
  let [before, movedAt] = [answered(), startedAt];
  while (before < said && machineNow() - movedAt < patienceMs) {
    await sleep(people.length > 100 ? 2_000 : 50);
    const now = answered();
    if (now > before) movedAt = machineNow();
    before = now;
  }
  return machineNow() - startedAt;
}

/**
 * How long after this moment (by `Date.now`) people first saw something of the bot, in ms; read from the messages' own
 * times, since the platform runs in this process, and looking at a thousand screens all the time would slow it down.
 */
export function firstReplyAfter(people: readonly Asking[], at: number): number {
  const shownAt = people.flatMap(({ person }) =>
    person.sees().flatMap(({ author, at: shown }) => (author.isBot ? [Date.parse(shown)] : [])),
  );
  return Math.min(...shownAt.filter((shown) => shown >= at)) - at;
}

/** What speaks against the bot in all that they were told, and how often they were told something twice. */
export function judgeAnswers(people: readonly Asking[]) {
  const unanswered = people.flatMap((asking) => {
    const answered = new Set(answersTo(asking));
    return asking.tokens.filter((token) => !answered.has(token));
  });
  const givenUp = people.filter((asking) => saidBy(asking).some((text) => /could not process/u.test(text)));
  const outOfOrder = people.filter((asking) => {
    const order = [...new Set(answersTo(asking))];
    return order.join(" ") !== asking.tokens.filter((token) => order.includes(token)).join(" ");
  });
  const answers = people.flatMap(answersTo);
  return {
    faults: [
      ...must(givenUp.length === 0, `${givenUp.length} people were told that it failed`),
      ...must(unanswered.length === 0, `${unanswered.length} without an answer (${unanswered.slice(0, 3).join(", ")})`),
      ...must(outOfOrder.length === 0, `${outOfOrder.length} people answered out of order`),
    ],
    messages: people.reduce((sum, { tokens }) => sum + tokens.length, 0),
    givenUp: givenUp.length,
    unanswered: unanswered.length,
    twice: answers.length - new Set(answers).size,
  };
}

const saidBy = ({ person }: Asking): readonly string[] =>
  person
    .sees()
    .filter(({ author }) => author.isBot)
    .map(({ plain }) => plain);

function answersTo(asking: Asking): readonly string[] {
  return saidBy(asking).flatMap((text) => /You said (t\d+)/u.exec(text)?.[1] ?? []);
}
