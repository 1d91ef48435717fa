/** Every command of the product, with the exit code it must have. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeRelease } from "./releases.ts";
import { run } from "./run-process.ts";

interface CommandCase {
  readonly words: readonly string[];
  readonly code?: number;
  readonly input?: string;
  /** Interrupted once it printed this. */
  readonly interruptAt?: string;
}

/** `messageId`: of a message that was answered. */
const commands = (messageId: string): readonly CommandCase[] => [
  { words: ["--version"] },
  { words: ["--help"] },
  { words: ["config", "check"] },
  { words: ["plan"] },
  { words: ["doctor"] },
  { words: ["doctor", "--json"] },
  { words: ["why", messageId] },
  { words: ["why", "no-such-message"], code: 1 },
  { words: ["dead-letters", "list"] },
  { words: ["dead-letters", "show", "nothing"], code: 1 },
  { words: ["dead-letters", "resubmit", "nothing"], code: 1 },
  { words: ["dead-letters", "remove", "nothing"], code: 1 },
  { words: ["chat"], input: "What does a replacement debit card cost?\n", interruptAt: "9.00" },
  { words: ["dev", "--port", "0"], interruptAt: "watching" },
  { words: ["create", "adapter", "carrier-pigeon"] },
  { words: ["recommender", "import", "visits.jsonl", "--source", "shop"] },
  { words: ["recommender", "train"] },
  { words: ["recommender", "train"] },
  { words: ["recommender", "compare"] },
  { words: ["recommender", "recommend", "web:main:u1"] },
  { words: ["recommender", "evaluate"] },
  // To the first of the two trained here, then to the one that the start had brought.
  { words: ["recommender", "rollback"] },
  { words: ["recommender", "rollback"] },
  { words: ["recommender", "rollback"], code: 1 },
  { words: ["login", "nobody"], code: 1 },
  { words: ["no-such-command"], code: 2 },
  { words: ["--config", "missing.config.ts", "start"], code: 2 },
];

/** Runs them all; throws at the first that ends otherwise, or by a signal. Gives how many ran. */
export async function runCommands(
  { program, environment }: NodeRelease,
  directory: string,
  messageId: string,
): Promise<number> {
  writeFileSync(join(directory, "visits.jsonl"), VISITS);
  const env = { ...environment, PORT: "0", ANTHROPIC_API_KEY: "", NO_COLOR: "1" };
  const all = commands(messageId);
  for (const { words, code = 0, input = "", interruptAt } of all)
    await run(program, ["dist/cli/main.js", ...words], {
      cwd: directory,
      env,
      input,
      expected: [code],
      ...(interruptAt !== undefined && { interruptAt }),
    });
  return all.length;
}

/** One visit, as a shop sends it. */
const VISITS = `${JSON.stringify({
  id: "visit-1",
  userId: "customer-9",
  sessionId: "session-1",
  type: "view",
  timestamp: new Date().toISOString(),
  productIds: ["fund-growth"],
})}\n`;
