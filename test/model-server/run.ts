/**
 * `npm run test:model-server`: whole conversations of a crew on Claude against the strict local Messages server, and every
 * fault of a provider. Prints the requests of each turn, the share of input read from the cache, and how each fault ended.
 */
import { Secret } from "../../core/config/secret.ts";
import { ParleyError } from "../../core/errors.ts";
import { bank } from "../../tools/index.ts";
import { crewBench, type Answered } from "../support/crew-bench.ts";
import { startMessagesApi } from "../support/messages-api/server.ts";
import { conversations } from "./conversations.ts";
import { asked, faultCases, healthy, type FaultCase } from "./fault-cases.ts";

const only = process.argv.includes("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "") : undefined;

async function open(contextWindow?: number) {
  const api = await startMessagesApi(contextWindow === undefined ? {} : { contextWindow });
  const bench = await crewBench({
    articles: ["fees-overview.md", "account-types.md"],
    packs: [bank()],
    crew: { model: { apiKey: new Secret("test-key", "test"), baseUrl: api.url } },
  });
  return {
    api,
    talk: bench.talk,
    close: async () => {
      await bench.close();
      await api.close();
    },
  };
}

type Opened = Awaited<ReturnType<typeof open>>;

let failures = 0;
function tell(isRight: boolean, line: string): void {
  if (!isRight) failures += 1;
  console.info(`${isRight ? "ok  " : "FAIL"} ${line}`);
}

async function playConversations({ api, talk }: Opened): Promise<void> {
  const input = { all: 0, cached: 0 };
  for (const [index, { name, turns }] of conversations.entries()) {
    console.info(`\n${name}`);
    const person = talk(`person-${index}`);
    for (const { say, steps, mostRequests, fault } of turns) {
      const before = api.requests.length;
      api.script(steps);
      const answered = await person.say(say);
      const requests = api.requests.length - before;
      for (const { inputTokens, cacheReadTokens, cacheWriteTokens } of answered.usages) {
        input.all += inputTokens + cacheReadTokens + cacheWriteTokens;
        input.cached += cacheReadTokens;
      }
      const wrong = fault(answered) ?? (requests > mostRequests ? `${requests} requests` : undefined);
      const refused = answered.calls.flatMap(({ name: tool, outcome }) =>
        "code" in outcome ? `${tool} ${outcome.code}` : [],
      );
      const why = wrong === undefined ? "" : ` (${[wrong, ...refused].join("; ")})`;
      tell(wrong === undefined, `${requests} requests: ${say}${why}`);
    }
  }
  const share = Math.round((100 * input.cached) / Math.max(1, input.all));
  tell(input.cached > 0, `${share} % of ${input.all} tokens of input were read from the cache`);
}

async function playFault(
  { api, talk }: Opened,
  { name, script, ends, withinMs }: FaultCase,
  index: number,
): Promise<void> {
  // A provider that answers again is asked again, and no fault is the fifth in a row.
  api.script(healthy);
  await talk(`before-${index}`).say(asked);
  const before = api.requests.length;
  api.script(script);
  const startedAt = performance.now();
  const ended = await talk(`person-${index}`).say(asked).then(endOf, codeOf);
  const milliseconds = Math.round(performance.now() - startedAt);
  const isRight = ended === ends && milliseconds <= withinMs;
  const requests = api.requests.length - before;
  tell(
    isRight,
    `${name}: ${ended} after ${milliseconds} ms, ${requests} requests${isRight ? "" : ` (expected ${ends} within ${withinMs} ms)`}`,
  );
}

function endOf({ reply, usages }: Answered): string {
  if (!reply.text.includes("14.90")) return `said: ${reply.text}`;
  if (reply.model === "offline") return "embedded";
  return usages.length === 0 ? "nothing was paid for" : "model";
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof ParleyError) return thrown.code;
  throw thrown;
}

/** A long conversation in a small context: told shorter, not refused. */
async function playLongConversation(): Promise<void> {
  const small = await open(9_000);
  const person = small.talk("person");
  const letter = "The weather was fine and the sea was calm. ".repeat(160);
  small.api.script((request) => ((request.tools ?? []).length > 0 ? { text: "ENOUGH" } : { text: "I see." }));
  for (let turn = 0; turn < 8; turn += 1) await person.say(`${letter} That was day ${turn}.`);
  const { reply } = await person.say("thanks");
  tell(reply.model !== "offline" && reply.text === "I see.", `a conversation longer than the context: ${reply.model}`);
  await small.close();
}

const opened = await open();
try {
  if (only === undefined) await playConversations(opened);
  console.info("\nfaults");
  for (const [index, fault] of faultCases.entries()) {
    if (only === undefined || fault.name.includes(only)) await playFault(opened, fault, index);
  }
  if (only === undefined) await playLongConversation();
} finally {
  await opened.close();
}
console.info(failures === 0 ? "\nall as promised" : `\n${failures} not as promised`);
process.exitCode = failures === 0 ? 0 : 1;
