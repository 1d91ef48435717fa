/** Who a person is to the bank goes with the person: the customer, the accounts and the bookings are the bank's and stay. */
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildOnce, type ParleyProcess, removeData, runParley, startParley } from "../support/parley-process.ts";
import { usePostgres } from "../support/use-postgres.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const server = usePostgres();
const TOKEN = "a-token-of-the-tests-own-systems";
const Answer = z.object({ sessionId: z.string(), replies: z.array(z.object({ text: z.string() })) });
const Exported = z.object({ bots: z.object({ harbour: z.object({ tools: z.object({ bank: z.unknown() }) }) }) });

let parley: ParleyProcess;
let directory: string;
let file: string;
beforeAll(buildOnce, 600_000);
afterEach(async () => {
  await parley.stop();
  removeData(directory);
});

async function start(store: string): Promise<void> {
  directory = mkdtempSync(join(tmpdir(), "parley-links-"));
  file = join(directory, "bots.config.ts");
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules", "parleyjs"));
  writeFileSync(
    file,
    `import { bank, crew, defineConfig, env, web } from "parleyjs";
    import { postgres } from "parleyjs/postgres";
    export default defineConfig({
      bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank({ linkCodes: "once" })] } },
      gateway: { trustedToken: env("SYSTEMS") },
      ${store}
    });`,
  );
  parley = await startParley({ directory: join(directory, "data"), config: file, environment: { SYSTEMS: TOKEN } });
}

/** A person with a session; `afresh` begins another one. */
function person(userId: string) {
  let sessionId: string | undefined;
  return {
    afresh: (): void => {
      sessionId = undefined;
    },
    say: async (text: string): Promise<string> => {
      const messageId = randomUUID();
      // A busy machine may answer later than a call waits; the same message sent again finds its answer.
      for (;;) {
        const response = await fetch(`${parley.url}/api/v1/chat?wait=60`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
          body: JSON.stringify({ text, userId, messageId, ...(sessionId === undefined ? {} : { sessionId }) }),
        });
        const answer = Answer.parse(await response.json());
        ({ sessionId } = answer);
        if (answer.replies.length > 0) return answer.replies.map((reply) => reply.text).join("\n");
      }
    },
  };
}

function privacy(...words: readonly string[]): string {
  const { status, stdout, stderr } = runParley(
    join(directory, "data"),
    "--config",
    file,
    "privacy",
    ...words,
    "--user",
    "web:main:bob",
    { SYSTEMS: TOKEN },
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

describe.each([
  { engine: "SQLite", store: async () => "" },
  {
    engine: "PostgreSQL",
    store: async () => `store: postgres({ url: ${JSON.stringify(await server().createDatabase())} }),`,
  },
])("on $engine", ({ store }) => {
  it("the link to a customer is exported, and erased by the command and by /forget", { timeout: 300_000 }, async () => {
    await start(await store());
    const [bob, eve] = [person("bob"), person("eve")];
    await bob.say("link ANNA-7K42");
    const balance = await bob.say("What is my balance?");
    expect(balance).toMatch(/€/u);
    expect(await eve.say("link ANNA-7K42")).toMatch(/works once/u);
    expect(Exported.parse(JSON.parse(privacy("export"))).bots.harbour.tools.bank).toMatchObject([
      [{ linkedTo: { name: "Anna Berger" } }],
    ]);

    expect(privacy("erase", "--yes")).toContain("erased");
    bob.afresh();
    expect(await bob.say("What is my balance?")).toMatch(/not linked/u);

    // The code is free again, and the customer has what they had.
    expect(await eve.say("link ANNA-7K42")).toMatch(/linked/u);
    expect(await eve.say("What is my balance?")).toContain(balance);
    await eve.say("/forget");
    expect(await eve.say("Erase everything")).toContain("are erased");
    eve.afresh();
    expect(await eve.say("What is my balance?")).toMatch(/not linked/u);
  });
});
