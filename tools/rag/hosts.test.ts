import { randomUUID } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createRedisBroker } from "../../core/broker/redis/redis-broker.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { notice } from "../../core/reply.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { postgresDatabases } from "../../core/store/databases.ts";
import { createSharedAnswerCache } from "../../core/turn/answer-cache.ts";
import { startRedis } from "../../test/support/redis-server.ts";
import { usePostgres } from "../../test/support/use-postgres.ts";
import { callContext, openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import { documents } from "./index.ts";

const QUESTION = "What does a replacement card cost?";
const cards = (price: string): string => `# Cards\n\n## Replacement\n\nA replacement card costs ${price}.\n`;
const priceList = join(packageDirectory(), "samples", "bank", "documents", "price-list.pdf");
const Found = z.object({ passages: z.array(z.object({ quote: z.string(), url: z.string() })) });

const server = usePostgres();
let url: string;
let shared: string;
beforeEach(async () => {
  url = await server().createDatabase();
  shared = await mkdtemp(join(tmpdir(), "parley-shared-"));
});
afterEach(async () => await rm(shared, { recursive: true }));

/** A host with a folder of its own (`docs`), or without; the database and the files are everybody's. */
async function openHost(folder: string, settings: { readonly complete?: boolean } = {}, leavesWork = false) {
  const databases = await postgresDatabases({ url });
  const context = { ...(await openContext(folder)), databases, files: directoryFiles(shared), leavesWork };
  const pack = await documents({ directory: "docs", refreshSeconds: 0, ...settings }).open(context);
  const [tool, route] = [pack.tools[0], pack.routes?.[0]];
  if (tool === undefined || route === undefined) throw new Error("a tool and a route are expected");
  const close = async (): Promise<void> => {
    await pack.close();
    await databases.close();
  };
  onTestFinished(close);
  const search = async () =>
    Found.parse((await tool.execute({ query: QUESTION }, callContext().context)).value).passages;
  return {
    close,
    edition: () => pack.edition?.(),
    check: async () => (await pack.check?.())?.map(({ status }) => status),
    quotes: async () => (await search()).map(({ quote }) => quote).join(" "),
    links: async () => (await search()).map((passage) => passage.url).join(" "),
    get: async (id: string) => {
      const response = await route.handle({
        parameters: { id },
        query: {},
        body: undefined,
        raw: new Request(`http://localhost/documents/harbour/${encodeURIComponent(id)}`),
        correlationId: "test",
        caller: { address: "127.0.0.1", mayNameUsers: false },
        signal: new AbortController().signal,
      });
      if (!(response instanceof Response)) throw new Error("a response is expected");
      return Buffer.from(await response.arrayBuffer()).toString("latin1");
    },
  };
}

async function hostWith(price: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "cards.md"), cards(price));
  return folder;
}

/** The answers that a host keeps, over a connection of its own to the Redis of all. */
async function answersOf(host: Awaited<ReturnType<typeof openHost>>, connection: string) {
  const environment = { clock: Date.now, random: Math.random, newId: randomUUID };
  const broker = await createRedisBroker({ connection, environment, telemetry: silentTelemetry });
  onTestFinished(broker.close);
  const cache = createSharedAnswerCache({ broker, scope: "harbour", seconds: 300 });
  const question = () => ({ text: QUESTION, edition: host.edition() ?? expect.fail("the edition is not known") });
  return {
    known: async () => (await cache.get(question()))?.text,
    keep: async (text: string) => await cache.set(question(), notice(text)),
  };
}

describe("answers of several hosts from documents", () => {
  it("are shared, and worth nothing on any of them once a document is changed, added or taken away", async () => {
    const redis = await startRedis();
    onTestFinished(redis.stop);
    const folder = await hostWith("9 euros");
    const [one, bare] = [await openHost(folder), await openHost(await temporaryFolder())];
    await expect.poll(async () => (await one.quotes()) === (await bare.quotes().catch(() => ""))).toBe(true);
    const [here, there] = [await answersOf(one, redis.url), await answersOf(bare, redis.url)];
    const card = join(folder, "docs", "cards.md");
    const changes = [
      async () => await writeFile(card, cards("11 euros")),
      async () => await writeFile(join(folder, "docs", "accounts.md"), "# Accounts\n\nThey are free.\n"),
      async () => await rm(card),
    ];
    for (const change of changes) {
      await expect.poll(async () => (await here.keep("an answer"), await there.known())).toBe("an answer");
      await change();
      // Each time a host is asked it looks at its folder.
      await expect.poll(here.known).toBeUndefined();
      await expect.poll(there.known).toBeUndefined();
      expect(one.edition()).toBe(bare.edition());
    }
  });
});

describe("documents of several hosts", () => {
  it("answer the same on each, also where the folder is not, and follow what changes", async () => {
    const folder = await hostWith("9 euros");
    await copyFile(priceList, join(folder, "docs", "price-list.pdf"));
    const [one, bare] = [await openHost(folder), await openHost(await temporaryFolder())];
    expect(await one.quotes()).toContain("9 euros");
    await expect.poll(async () => await bare.quotes().catch(() => "")).toContain("9 euros");
    await expect.poll(bare.links).toBe(await one.links());
    expect(await bare.get("cards")).toContain("9 euros");
    expect((await bare.get("price-list.pdf")).slice(0, 5)).toBe("%PDF-");
    expect(await bare.check()).toEqual(["ok"]);

    await writeFile(join(folder, "docs", "cards.md"), cards("11 euros"));
    await one.quotes();
    await expect.poll(bare.quotes).toContain("11 euros");
    expect(await bare.get("cards")).toContain("11 euros");

    await rm(join(folder, "docs", "cards.md"));
    await one.quotes();
    await expect.poll(bare.quotes).not.toContain("euros");
    await expect(bare.get("cards")).rejects.toMatchObject({ code: "rag/no-document" });
  });

  it("are brought in by processes with workers; the others have what those brought", async () => {
    const folder = await hostWith("9 euros");
    const beside = await openHost(folder, {}, true);
    expect(await beside.quotes()).toBe("");
    const working = await openHost(folder);
    expect(await working.quotes()).toContain("9 euros");
    await expect.poll(beside.quotes).toContain("9 euros");
  });

  it("stay when a host joins that knows nothing, with an empty folder or one that has others", async () => {
    const one = await openHost(await hostWith("9 euros"));
    expect(await one.quotes()).toContain("9 euros");
    const empty = await temporaryFolder();
    await mkdir(join(empty, "docs"));
    const other = await temporaryFolder();
    await mkdir(join(other, "docs"));
    await writeFile(join(other, "docs", "accounts.md"), "# Accounts\n\nThey are free.\n");
    for (const folder of [empty, other]) {
      const joining = await openHost(folder);
      await expect.poll(async () => await joining.quotes().catch(() => "")).toContain("9 euros");
      await joining.quotes();
      expect(await one.quotes()).toContain("9 euros");
    }
    // Whose folder is complete says what there is.
    const complete = await openHost(await hostWith("13 euros"), { complete: true });
    expect(await complete.quotes()).toContain("13 euros");
    await expect(complete.get("accounts")).rejects.toMatchObject({ code: "rag/no-document" });
  });

  it("stay when a folder is found empty that had them: a volume that is not mounted", async () => {
    const folder = await hostWith("9 euros");
    const [one, bare] = [await openHost(folder), await openHost(await temporaryFolder())];
    expect(await one.quotes()).toContain("9 euros");
    await rm(join(folder, "docs", "cards.md"));
    await one.quotes();
    expect(await one.quotes()).toContain("9 euros");
    await expect.poll(async () => await bare.quotes().catch(() => "")).toContain("9 euros");
  });

  it("that differ: what was changed last counts for all, and nobody changes it back", async () => {
    const [old, young] = [await hostWith("9 euros"), await hostWith("12 euros")];
    await writeFile(join(young, "docs", "accounts.md"), "# Accounts\n\nThey are free.\n");
    const one = await openHost(old);
    expect(await one.quotes()).toContain("9 euros");
    const other = await openHost(young);
    expect(await other.quotes()).toContain("12 euros");
    await expect.poll(one.quotes).toContain("12 euros");
    expect(await one.get("cards")).toContain("12 euros");
    // A start of the host that has the older file changes nothing.
    await one.close();
    const again = await openHost(old);
    await expect.poll(again.quotes).toContain("12 euros");
    expect(await other.quotes()).toContain("12 euros");
    // Taken away by one, it is gone, though another folder has it still.
    await rm(join(young, "docs", "cards.md"));
    await other.quotes();
    await expect.poll(again.quotes).toBe("");
    await again.quotes();
    await expect.poll(other.quotes).toBe("");
    // Until it changes there.
    await writeFile(join(old, "docs", "cards.md"), cards("14 euros"));
    await again.quotes();
    await expect.poll(other.quotes).toContain("14 euros");
  });
});
