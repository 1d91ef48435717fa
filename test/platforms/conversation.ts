/** One conversation with everything in it, the same on every platform, as people who chat would have it. */
import { expect } from "vitest";
import type { CompletePlatform, SeenMessage } from "../../core/testing/index.ts";
import { LONG_LINES, type RunningBot } from "./bot.ts";
import { watch, type Watching, wordsOf } from "./watching.ts";

/** What was talked about, for the transcript. */
export interface Talked {
  readonly chats: readonly { readonly title: string; readonly messages: () => readonly SeenMessage[] }[];
}

/** Plays the whole script; throws at the first line that is not answered as it must be. */
export async function scriptedConversation(platform: CompletePlatform, bot: RunningBot): Promise<Talked> {
  const anna = platform.person("1001", "Anna");
  const bob = platform.person("1002", "Bob");
  const direct = watch(platform, anna);
  await greetingAndAnswers(direct);
  await longAnswer(direct);
  await files(direct, bot);
  await advice(direct);
  await money(direct);
  await editsAndDeletes(direct);
  await burst(direct);
  const group = await platform.group("Harbour friends", [anna, bob]);
  await confirmationByAStranger(platform, bot, {
    group: group.id,
    anna: watch(platform, anna, group.id),
    bob: watch(platform, bob, group.id),
  });
  await thread(watch(platform, anna, group.id), group.id);
  expect(refusedIn(platform)).toEqual([]);
  return {
    chats: [
      { title: "Anna with the bot", messages: () => anna.sees() },
      { title: "The group, as Bob sees it", messages: () => bob.sees(group.id) },
    ],
  };
}

async function greetingAndAnswers({ ask }: Watching): Promise<void> {
  const greeting = await ask("hello", /automated assistant/u);
  expect(greeting.length).toBeGreaterThan(0);
  const cited = wordsOf(await ask("What does a replacement debit card cost?", /€9\.00/u));
  expect(cited).toMatch(/Debit|Card|Fees/u);
  await ask("link ANNA-7K42", /linked|Anna/iu);
  const table = wordsOf(await ask("Show my last 5 transactions", /Amount|Groceries|Rent|bookings/iu));
  expect(table.match(/\b[A-Z][a-z]{2} \d{1,2}, \d{4}\b/gu)?.length ?? 0).toBeGreaterThanOrEqual(5);
}

async function longAnswer({ ask }: Watching): Promise<void> {
  const words = wordsOf(await ask("explain everything", /That was everything/u));
  const squeezed = words.replaceAll(/\s+/gu, " ");
  for (let number = 1; number <= LONG_LINES; number += 1) {
    expect(squeezed).toContain(`Paragraph ${number} is about topic ${number} & its <limits>.`);
    expect(squeezed).toContain(`const line${number} = "value ${number}"; // keep me whole`);
  }
  expect(squeezed.split("Paragraph 77 is").length - 1).toBe(1);
}

async function files({ ask, person }: Watching, bot: RunningBot): Promise<void> {
  const bytes = Buffer.from("# Notes\n\nThe harbour opens at nine.\n");
  await ask("What does a wire transfer cost? My notes are attached.", /./u, {
    files: [{ name: "notes.md", mediaType: "text/markdown", bytes }],
  });
  await expect.poll(async () => await bot.spooled()).toContain(bytes.toString("utf8"));
  await ask("Export my transactions of last month as a CSV file", /transactions-[0-9-]*\.csv/u);
  // Some platforms show a file as a message of its own, behind the words.
  const csv = () =>
    person
      .sees()
      .flatMap((message) => message.files)
      .find(({ name }) => /^transactions-.*\.csv$/u.test(name));
  await expect.poll(csv, { timeout: 30_000 }).toBeDefined();
  const file = csv() ?? expect.fail("no file was shown");
  expect(Buffer.from(file.bytes).toString("utf8")).toMatch(/^Date,Account,Counterparty/u);
}

async function advice({ ask }: Watching): Promise<void> {
  const words = wordsOf(await ask("Which savings product suits me?", /not investment advice/u));
  expect(words).toMatch(/low risk/iu);
}

async function money(direct: Watching): Promise<void> {
  const balance = async (): Promise<number> => everyday(wordsOf(await direct.ask("What is my balance?", /Everyday/u)));
  const before = await balance();
  await decide(
    direct,
    await direct.ask("transfer 12.50 euros from everyday to savings", /12\.50/u),
    "Confirm",
    /sent|transferred|done|moved/iu,
  );
  expect(await balance()).toBe(before - 1_250);
  await decide(direct, await direct.ask("transfer 7 euros from everyday to savings", /7\.00/u), "Cancel", /cancel/iu);
  expect(await balance()).toBe(before - 1_250);
}

/** In cents. */
function everyday(words: string): number {
  const amount = /Everyday[\s\S]*?€\s?(-?[\d,]+\.\d{2})/u.exec(words)?.[1] ?? expect.fail(`no amount in ${words}`);
  return Number(amount.replaceAll(/[,.]/gu, ""));
}

/** Presses the button (or votes), or types the code where there is nothing to press. */
async function decide(
  { after, person }: Watching,
  proposal: readonly SeenMessage[],
  label: "Confirm" | "Cancel",
  expected: RegExp,
): Promise<void> {
  const message = proposal.find(({ choices }) => choices.some((choice) => choice.label === label));
  if (message === undefined) {
    await after(async () => await person.say(label === "Confirm" ? codeIn(proposal) : "cancel"), expected);
    return;
  }
  await after(async () => {
    const { acknowledged } = await person.press(message.id, label);
    expect(acknowledged).toBe(true);
  }, expected);
}

function codeIn(proposal: readonly SeenMessage[]): string {
  return /type\s+([A-Z0-9]{6})/u.exec(wordsOf(proposal))?.[1] ?? expect.fail(`no code in: ${wordsOf(proposal)}`);
}

async function editsAndDeletes({ ask, after, person, shown }: Watching): Promise<void> {
  await ask("echo first", /You said first\./u);
  const id = await person.say("echo second");
  await after(async () => {}, /^/u);
  await expect.poll(() => wordsOf(shown())).toContain("You said second.");
  await after(async () => await person.edit(id, "echo corrected"), /You said corrected\./u);
  const count = shown().length;
  await person.remove(id);
  await ask("echo after-the-deletion", /You said after-the-deletion\./u);
  expect(shown().length).toBe(count + 1);
}

async function burst({ after, person }: Watching): Promise<void> {
  const numbers = ["one", "two", "three", "four", "five"];
  const answers = await after(async () => {
    for (const number of numbers) await person.say(`echo ${number}`);
  }, /You said five\./u);
  expect(answers.map(({ plain }) => /You said (\w+)\./u.exec(plain)?.[1])).toEqual(numbers);
}

async function confirmationByAStranger(
  platform: CompletePlatform,
  bot: RunningBot,
  chat: { readonly group: string; readonly anna: Watching; readonly bob: Watching },
): Promise<void> {
  const proposal = await chat.anna.ask("please raise the flag", /Raise the flag/u, { mentionBot: true });
  const pressable = proposal.find(({ choices }) => choices.some(({ label }) => label === "Confirm"));
  await chat.bob.after(async () => {
    if (pressable === undefined) await chat.bob.person.say(codeIn(proposal), { chat: chat.group, mentionBot: true });
    else await chat.bob.person.press(pressable.id, "Confirm");
  }, /yours|not.*you|own/iu);
  expect(bot.flags()).toBe(0);
  await chat.anna.after(async () => {
    if (pressable === undefined) await chat.anna.person.say(codeIn(proposal), { chat: chat.group, mentionBot: true });
    else await chat.anna.person.press(pressable.id, "Confirm");
  }, /flag is up/u);
  expect(bot.flags()).toBe(1);
  expect(refusedIn(platform)).toEqual([]);
}

/** Without the lines that say "is typing": one may come for a message that was deleted meanwhile, and is no loss. */
function refusedIn(platform: CompletePlatform): readonly string[] {
  return platform.refusedCalls().filter((call) => !call.startsWith("assistant.threads.setStatus"));
}

async function thread({ person, ask }: Watching, group: string): Promise<void> {
  if (person.openThread === undefined) return;
  const root = await person.say("who wants to talk in a thread?", { chat: group });
  const id = await person.openThread(root, "A thread");
  const [answer] = await ask("echo in-the-thread", /You said in-the-thread\./u, { thread: id, mentionBot: true });
  expect(answer?.thread).toBe(id);
}
