import { join } from "node:path";
import { expect, it } from "vitest";
import { packageDirectory } from "../../core/package-directory.ts";
import { createReaderApart } from "./file-reader.ts";
import type { ReadRequest } from "./read-file.ts";

const request: ReadRequest = {
  file: join(packageDirectory(), "samples", "bank", "documents", "price-list.pdf"),
  name: "price-list.pdf",
  format: "pdf",
  maxPages: 10,
};

it("gives up on a file that takes too long, and reads it when it is given the time", async () => {
  const hasty = createReaderApart(1);
  expect((await hasty.read(request)).problem).toContain("longer than 0.001 s");
  hasty.close();
  const patient = createReaderApart(60_000);
  const { content } = await patient.read(request);
  expect(content?.document).toMatchObject({ title: "Price list", pages: 4 });
  patient.close();
});

it("says so when it is closed in the middle of a file, and can go on afterwards", async () => {
  const reader = createReaderApart(60_000);
  const running = reader.read(request);
  reader.close();
  expect((await running).problem).toContain("stopped");
  expect((await reader.read(request)).content).toBeDefined();
  reader.close();
});
