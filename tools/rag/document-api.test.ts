import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import { documents } from "./index.ts";

const FILES = {
  "broken.docx": "PK\u{3}\u{4}",
  "cards.md": "# Cards\n\n## Replacement\n\nA replacement card costs €9.00.\n",
  "fees.html": "<!doctype html><html lang='en'><h1>Fees</h1><p>A payment from abroad costs €7.50.</p></html>",
  "page.pdf": "<!doctype html><html><h1>Page</h1><p>No PDF at all.</p></html>",
};

async function openApi() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "docs"));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, "docs", name), content);
  const pack = await documents({ directory: "docs" }).open(await openContext(folder));
  await pack.check?.();
  const get = async (path: string, query: object = {}, parameters: object = {}): Promise<unknown> => {
    const route = pack.routes?.find((one) => one.path === path);
    expect(route).toMatchObject({ permission: "documents:read", bot: "harbour" });
    const response = await route?.handle({
      parameters,
      query,
      body: undefined,
      raw: new Request("http://localhost"),
      correlationId: "test",
      caller: { address: "127.0.0.1", mayNameUsers: false },
      signal: new AbortController().signal,
    });
    return await response?.json();
  };
  return { pack, get };
}

it("lists the files page by page and by state, each with what became of it", async () => {
  const { pack, get } = await openApi();
  expect(await get("/api/v1/documents", { limit: 2 })).toMatchObject({
    documents: [
      { path: "broken.docx", state: "unreadable", problem: expect.any(String) },
      { path: "cards.md", id: "cards", title: "Cards", format: "markdown", state: "indexed" },
    ],
    next: expect.any(String),
  });
  const cursor = Buffer.from('"cards.md"').toString("base64url");
  expect(await get("/api/v1/documents", { cursor })).toMatchObject({
    documents: [
      { id: "fees.html", language: "en" },
      { path: "page.pdf", format: "html", state: "partly" },
    ],
  });
  expect(await get("/api/v1/documents", { state: "unreadable" })).toMatchObject({
    documents: [{ path: "broken.docx" }],
  });
  await pack.close();
});

it("tells of one document, also under the bot's own address and after the pack was closed", async () => {
  const { pack, get } = await openApi();
  await pack.close();
  expect(await get("/api/v1/bots/harbour/documents/:id", {}, { id: "fees.html" })).toMatchObject({ title: "Fees" });
  await expect(get("/api/v1/documents/:id", {}, { id: "../secret" })).rejects.toMatchObject({
    code: "rag/no-document",
  });
});

it("searches passages with their scores", async () => {
  const { pack, get } = await openApi();
  expect(await get("/api/v1/documents/search", { q: "What does a replacement card cost?", limit: "1" })).toEqual({
    passages: [
      {
        document: "cards",
        title: "Cards",
        section: "Replacement",
        text: "A replacement card costs €9.00.",
        quote: "A replacement card costs €9.00.",
        score: expect.any(Number),
      },
    ],
    evidence: expect.any(Number),
  });
  await pack.close();
});
