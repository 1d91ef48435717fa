/** The local Telegram and its people, in a process of its own: its CPU time is nobody's. */
import { z } from "zod";
import { openTelegramLocally } from "../../../adapters/telegram/testing/index.ts";
import { Secret } from "../../../core/config/index.ts";
import type { TelegramAnswer } from "../telegram.ts";

const Question = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("state") }),
  z.object({ ask: z.literal("say"), count: z.number(), chats: z.number(), everyMs: z.number() }),
  z.object({ ask: z.literal("screens") }),
]);

const platform = await openTelegramLocally({ refusesFloods: false });
const people = new Map<number, ReturnType<typeof platform.person>>();
let said = 0;

const tell = (answer: TelegramAnswer): void => void process.send?.(answer);

process.on("message", (raw) => {
  const question = Question.parse(raw);
  switch (question.ask) {
    case "state":
      return tell({
        is: "state",
        isConnected: platform.isConnected(),
        sent: platform.calls().filter((method) => method.startsWith("send") && method !== "sendChatAction").length,
      });
    case "say":
      return void say(question).then(() => tell({ is: "said" }));
    case "screens":
      return tell({
        is: "screens",
        screens: [...people.values()].map((person) =>
          person.sees().map(({ author, plain, at }) => ({ isBot: author.isBot, text: plain, at: Date.parse(at) })),
        ),
      });
  }
});
process.on("disconnect", () => process.exit(0));

async function say({ count, chats, everyMs }: Extract<z.infer<typeof Question>, { ask: "say" }>): Promise<void> {
  const begun = performance.now();
  for (let index = 0; index < count; index += 1) {
    const ahead = begun + index * everyMs - performance.now();
    if (everyMs > 0 && ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    const chat = said % chats;
    const person = people.get(chat) ?? platform.person(String(10_000 + chat), `Person ${chat}`);
    people.set(chat, person);
    await person.say(`message ${(said += 1)}: what does a replacement card cost, and how long does it take to arrive?`);
  }
}

const { token } = z
  .object({ token: z.instanceof(Secret) })
  .loose()
  .parse(platform.account.settings);
tell({ is: "ready", url: platform.url, token: token.reveal() });
