import { mkdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { packageDirectory } from "../../core/package-directory.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Logger } from "../../core/telemetry.ts";
import { callContext, openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import { documents } from "./index.ts";
import { openLibrary, type Library } from "./library.ts";

const CARDS = `---
title: Cards
updated: 2026-01-02
url: https://help.example/cards
---

# Cards

Cards are made of plastic.

## Replacement

A replacement card costs €9.00. It arrives within 4 working days. See [fees](fees.md#prices) or [nothing](../../etc/passwd).

<script>alert("x")</script> [bad](javascript:alert(1))

## Fees

| Service | Price | Details |
| --- | --- | --- |
| Express delivery | €18.00 | [Fees](fees.md) |
| New PIN by letter | €5.00 | [Fees](fees.md) |
`;
const FEES = "# Fees\n\n## Prices\n\nAn incoming payment from abroad costs €7.50 for each booking.\n";
const priceList = join(packageDirectory(), "samples", "bank", "documents", "price-list.pdf");

const Value = z.object({
  found: z.boolean(),
  passages: z.array(
    z.object({
      title: z.string(),
      location: z.string(),
      text: z.string(),
      quote: z.string(),
      score: z.number().min(0).max(1),
      url: z.string().optional(),
    }),
  ),
  answer: z.array(
    z.object({
      title: z.string(),
      location: z.string(),
      url: z.string().optional(),
      quote: z.string(),
      kind: z.enum(["text", "item", "row"]),
      cells: z.array(z.object({ title: z.string(), text: z.string() })),
    }),
  ),
});

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "docs"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, "docs", name), content);
  return folder;
}

async function openPack(folder: string, options: { readonly linkTo?: "copy" | "original" } = {}) {
  const pack = await documents({ directory: "docs", refreshSeconds: 0, ...options }).open(await openContext(folder));
  const [tool] = pack.tools;
  const [route] = pack.routes ?? [];
  if (tool === undefined || route === undefined) throw new Error("a tool and a route are expected");
  return {
    pack,
    search: async (query: string, steps = callContext()) => {
      const result = await tool.execute({ query }, steps.context);
      return { ...result, value: Value.parse(result.value), steps: steps.steps };
    },
    get: async (id: string) =>
      await route.handle({
        parameters: { id },
        query: {},
        body: undefined,
        raw: new Request(`http://localhost/documents/harbour/${encodeURIComponent(id)}`),
        correlationId: "test",
        caller: { address: "127.0.0.1", mayNameUsers: false },
        signal: new AbortController().signal,
      }),
  };
}

/** Where the price of a replacement card stands in `cards.md`, marked. */
const PLACE =
  "/documents/harbour/cards?quote=A+replacement+card+costs+%E2%82%AC9.00.+It+arrives+within+4+working+days.#quote";

/** A library whose looks at the directory are told. */
function openWatched(folder: string): { readonly library: Library; readonly looks: unknown[] } {
  const looks: unknown[] = [];
  const log: Logger = { ...silentTelemetry.log, info: (fields) => looks.push(fields) };
  const library = openLibrary({
    directory: join(folder, "docs"),
    indexPath: join(folder, "index.sqlite"),
    limits: { maxFileBytes: 1_000_000, maxPages: 2, maxFiles: 100, pdfTimeoutMs: 30_000 },
    refreshMs: Number.POSITIVE_INFINITY,
    clock: Date.now,
    log,
  });
  return { library, looks };
}

describe("search_documents", () => {
  it("gives passages with quote, place and address, the same as sources, and traces the documents", async () => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS, "fees.md": FEES }));
    const { value, sources, steps } = await search("What does a replacement card cost?");
    expect(value.found).toBe(true);
    expect(value.passages[0]).toMatchObject({
      title: "Cards",
      location: "Replacement",
      url: PLACE,
    });
    expect(sources?.[0]).toEqual({
      title: "Cards",
      location: "Replacement",
      url: PLACE,
      quote: "A replacement card costs €9.00. It arrives within 4 working days.",
    });
    expect(steps[0]).toMatchObject({ kind: "document", name: "cards", outcome: "found" });
    await pack.close();
  });

  it("quotes a table row without the column that only links elsewhere", async () => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS }));
    const { value } = await search("How much is express delivery?");
    expect(value.passages[0]?.quote).toBe("Express delivery | €18.00");
    await pack.close();
  });

  it("tells what the passages say to the question, rows with the titles of their columns", async () => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS, "fees.md": FEES }));
    const { value } = await search("How much is express delivery?");
    expect(value.answer).toEqual([
      {
        title: "Cards",
        location: "Fees",
        url: expect.stringContaining("Express"),
        quote: "Express delivery | €18.00",
        kind: "row",
        cells: [
          { title: "Service", text: "Express delivery" },
          { title: "Price", text: "€18.00" },
        ],
      },
    ]);
    await pack.close();
  });

  it("returns passages that hardly answer too, and says so", async () => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS, "fees.md": FEES }));
    const { value, steps } = await search("Which bank has the most beautiful cards for collectors of stamps?");
    expect(value.found).toBe(false);
    expect(value.passages).not.toEqual([]);
    expect(steps).toMatchObject([{ kind: "document", outcome: "no-evidence" }]);
    await pack.close();
  });

  it("says that nothing was found rather than citing something else", async () => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS, "fees.md": FEES }));
    const { value, sources, steps } = await search("Who won the football match in Madrid last night?");
    expect(value).toEqual({ found: false, passages: [], answer: [] });
    expect(sources).toEqual([]);
    expect(steps).toMatchObject([{ kind: "document", outcome: "no-evidence" }]);
    await pack.close();
  });

  it("leads to the published original where the config says so", async () => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS }), { linkTo: "original" });
    expect((await search("replacement card cost")).sources?.[0]?.url).toBe("https://help.example/cards");
    await pack.close();
  });

  it("cites the page of a PDF", async () => {
    const { pack, search } = await openPack(await folderWith({ "prices.pdf": await readFile(priceList) }));
    const { value } = await search("What does a certificate of balances for authorities cost?");
    expect(value.passages[0]).toMatchObject({
      title: "Price list",
      location: "page 1, Accounts",
      url: "/documents/harbour/prices.pdf#page=1",
      quote: "Certificate of balances for authorities, per copy | €12.50",
    });
    await pack.close();
  });

  it.each([
    ["100 kB of words", "replacement card ".repeat(5882)],
    ["100 kB without a space", "x".repeat(100_000)],
    ["FTS operators", 'replacement AND card NOT cost OR NEAR(a b, 2) body:card ^card card* "'],
    ["quotes", `"replacement" 'card' "" ""; DROP TABLE chunks; --`],
    ["NUL and control characters", "replacement\0 card \u0007\u202e cost"],
    ["only stop words", "what is it and how do you do that"],
    ["only signs", "?!… €% 🦊"],
    ["a lone surrogate", "card \ud800 cost"],
  ])("survives a query of %s", async (_kind, query) => {
    const { pack, search } = await openPack(await folderWith({ "cards.md": CARDS }));
    await search(query);
    expect((await search("replacement card cost")).value.found).toBe(true);
    await pack.close();
  });

  it("never throws, whatever is asked, and keeps scores between 0 and 1", async () => {
    const folder = await folderWith({ "cards.md": CARDS, "fees.md": FEES });
    const { pack, search } = await openPack(folder);
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("card", "cost", '"', " OR ", "NOT ", "*", "-", "(", ":"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1 }), async (pieces) => {
        const { value } = await search(pieces.join(" ") || "x");
        for (const { score } of value.passages) expect(score).toSatisfy((one: number) => one >= 0 && one <= 1);
      }),
      { numRuns: 60 },
    );
    await pack.close();
  });
});

describe("ingestion", () => {
  it("reads only what changed, judged by the content, and forgets files that are gone", async () => {
    const folder = await folderWith({ "cards.md": CARDS, "fees.md": FEES });
    const pass = async (): Promise<unknown> => {
      const { library, looks } = openWatched(folder);
      await library.search({ text: "card", limit: 1 });
      await library.close();
      return looks[0] ?? "nothing to do";
    };
    expect(await pass()).toMatchObject({ read: 2, unchanged: 0, removed: 0 });
    expect(await pass()).toBe("nothing to do");
    await utimes(join(folder, "docs", "cards.md"), new Date(), new Date(0));
    expect(await pass()).toBe("nothing to do");
    await writeFile(join(folder, "docs", "cards.md"), CARDS.replace("€9.00", "€9.50"));
    expect(await pass()).toMatchObject({ read: 1, unchanged: 1 });
    await rm(join(folder, "docs", "fees.md"));
    expect(await pass()).toMatchObject({ removed: 1, read: 0 });
    const { library } = openWatched(folder);
    const found = await library.search({ text: "What does a replacement card cost?", limit: 1 });
    expect(found.passages[0]?.quote).toContain("€9.50");
    const { passages } = await library.search({ text: "incoming payment from abroad", limit: 10 });
    expect(passages.map(({ document }) => document.path)).not.toContain("fees.md");
    await library.close();
  });

  it("sees a file that is added while the bot runs", async () => {
    const folder = await folderWith({ "cards.md": CARDS });
    const { pack, search } = await openPack(folder);
    expect((await search("incoming payment from abroad")).value.found).toBe(false);
    await writeFile(join(folder, "docs", "fees.md"), FEES);
    await expect.poll(async () => (await search("incoming payment from abroad")).value.found).toBe(true);
    await pack.close();
  });

  it("goes on after files that cannot be read, and names them", async () => {
    const folder = await folderWith({
      "broken.pdf": "%PDF-1.4 this is no PDF",
      "cards.md": CARDS,
      "empty.md": "",
      "huge.txt": "word ".repeat(300_000),
      "latin1.txt": Uint8Array.from([0x66, 0xfc, 0x72]),
      "binary.txt": Uint8Array.from([0x66, 0, 0x72, 0x66]),
      "long.pdf": await readFile(priceList),
    });
    const { library } = openWatched(folder);
    expect((await library.search({ text: "replacement card cost", limit: 1 })).passages).toHaveLength(1);
    const checks = await library.check();
    expect(checks).toMatchObject([{ status: "ok", detail: "3 documents in 10 chunks" }, { status: "warning" }]);
    const detail = checks[1]?.detail ?? "";
    for (const name of ["broken.pdf", "empty.md", "huge.txt", "binary.txt"]) expect(detail).toContain(`${name}: `);
    expect(detail).toContain("long.pdf: only the first 2 of 4 pages are read");
    await library.close();
  });

  it("says what to do when the folder is missing, and does not fail at open", async () => {
    const folder = await temporaryFolder();
    const { pack, search } = await openPack(folder);
    // An empty result would be told as "there is nothing about it".
    await expect(search("anything at all")).rejects.toMatchObject({ code: "rag/incomplete", retryable: true });
    expect(await pack.check?.()).toMatchObject([{ status: "error", remedy: expect.stringContaining("directory") }]);
    await pack.close();
  });

  it("web-and-operations D: indexes again by itself once what stood in its way is gone", async () => {
    const folder = await temporaryFolder();
    const clock = { now: 0 };
    const library = openLibrary({
      directory: join(folder, "docs"),
      indexPath: join(folder, "index.sqlite"),
      limits: { maxFileBytes: 1_000_000, maxPages: 2, maxFiles: 100, pdfTimeoutMs: 30_000 },
      refreshMs: Number.POSITIVE_INFINITY,
      clock: () => clock.now,
      log: silentTelemetry.log,
    });
    const question = { text: "What does a replacement card cost?", limit: 1 };
    await expect(library.search(question)).rejects.toMatchObject({ code: "rag/incomplete" });
    await mkdir(join(folder, "docs"));
    await writeFile(join(folder, "docs", "cards.md"), CARDS);
    clock.now = 5_000;
    const found = async (): Promise<number> =>
      (await library.search(question).catch(() => undefined))?.passages.length ?? 0;
    await expect.poll(found).toBe(1);
    await library.close();
  });

  it("stops a running PDF at close, and reads it at the next start", async () => {
    const folder = await folderWith({ "prices.pdf": await readFile(priceList) });
    const { pack } = await openPack(folder);
    await pack.close();
    const { library, looks } = openWatched(folder);
    expect((await library.search({ text: "price of a replacement card", limit: 1 })).passages).toHaveLength(1);
    expect(looks).toMatchObject([{ read: 1 }]);
    await library.close();
  });
});

describe("the documents' own pages", () => {
  it("show Markdown with the anchors that citations use, links between documents, and nothing that runs", async () => {
    const { pack, search, get } = await openPack(await folderWith({ "cards.md": CARDS, "fees.md": FEES }));
    await search("card");
    const response = await get("cards");
    const html = await response.text();
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(html).toContain('<h2 id="replacement">Replacement</h2>');
    expect(html).toContain('<a href="/documents/harbour/fees#prices">fees</a>');
    expect(html).toContain("<a>nothing</a>");
    expect(html).toContain('<a href="https://help.example/cards"');
    expect(html).not.toContain("<script");
    expect(html).not.toContain("javascript:");
    await pack.close();
  });

  it("give a PDF as it is", async () => {
    const bytes = await readFile(priceList);
    const { pack, search, get } = await openPack(await folderWith({ "prices.pdf": bytes }));
    await search("prices");
    const response = await get("prices.pdf");
    expect(response.headers.get("content-type")).toBe("application/pdf");
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    await pack.close();
  });

  it("reach no file that is not an indexed document", async () => {
    const folder = await folderWith({ "cards.md": CARDS, ".hidden.md": FEES });
    await writeFile(join(folder, "secret.md"), "# Secret\n\nsecret words");
    await symlink(join(folder, "secret.md"), join(folder, "docs", "link.md"));
    const { pack, search, get } = await openPack(folder);
    await search("card");
    for (const id of [
      "../secret",
      "../secret.md",
      "..%2Fsecret",
      "secret",
      "link",
      ".hidden",
      "hidden",
      "cards.md",
      "/etc/passwd",
    ])
      await expect(get(id)).rejects.toMatchObject({ code: "rag/no-document", status: 404 });
    expect((await search("secret words")).value.found).toBe(false);
    await pack.close();
  });

  it("go on working after a reload closed the pack they came from", async () => {
    const { pack, search, get } = await openPack(await folderWith({ "cards.md": CARDS }));
    await search("card");
    await pack.close();
    expect((await get("cards")).status).toBe(200);
  });
});

it("documents() names wrong options", () => {
  expect(() => documents({ directory: "", maxPages: 0 })).toThrow(
    expect.objectContaining({
      code: "config/settings",
      issues: expect.arrayContaining([expect.objectContaining({ path: "maxPages" })]),
    }),
  );
});
