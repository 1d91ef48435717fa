import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationId } from "../../core/conversation-id.ts";
import { testEngines } from "../../test/support/engines.ts";
import type { TestPlace } from "../../test/support/test-place.ts";
import { type Complaints, openComplaints } from "./complaints.ts";

const conversation = conversationId({ platform: "web", account: "main", chat: "ada" });
const complaint = (
  key: string,
  change: { readonly person?: string; readonly bot?: string; readonly at?: string } = {},
) => ({
  bot: "harbour",
  key,
  at: "2026-11-21T10:00:00.000Z",
  person: "ada",
  conversation,
  words: `the line was cut off (${key})`,
  ...change,
});

describe.each(testEngines())("complaints in $name", (engine) => {
  let folder = "";
  let place: TestPlace;
  let databases: Awaited<ReturnType<TestPlace["open"]>>;
  let complaints: Complaints;
  const open = async (): Promise<void> => {
    databases = await place.open();
    complaints = await openComplaints(databases);
  };
  const close = async (): Promise<void> => {
    await complaints.close();
    await databases.close();
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-complaints-"));
    place = await engine.place(folder);
    await open();
  });
  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });

  it("are numbered in order, for each bot and year", async () => {
    const numberOf = async (...given: Parameters<typeof complaint>) =>
      (await complaints.record(complaint(...given))).number;
    expect(await numberOf("a")).toBe("C-2026-000001");
    expect(await numberOf("b")).toBe("C-2026-000002");
    expect(await numberOf("c", { bot: "other" })).toBe("C-2026-000001");
    expect(await numberOf("d", { at: "2027-01-01T00:00:00.000Z" })).toBe("C-2027-000001");
    expect((await complaints.find("c-2026-000001")).map(({ bot }) => bot)).toEqual(["harbour", "other"]);
    expect(await complaints.find("C-2026-7")).toEqual([]);
    expect(await complaints.find("nonsense")).toEqual([]);
  });

  it("are recorded once by two processes that repeat a call", async () => {
    const elsewhere = await place.open();
    const other = await openComplaints(elsewhere);
    const keys = Array.from({ length: 20 }, (_, index) => `turn-${index % 10}`);
    const numbers = await Promise.all(
      keys.map(async (key, index) => (await (index < 10 ? complaints : other).record(complaint(key))).number),
    );
    await other.close();
    await elsewhere.close();
    expect(new Set(numbers).size).toBe(10);
    expect(numbers.slice(0, 10)).toEqual(numbers.slice(10));
    expect(await complaints.list(100)).toHaveLength(10);
  });

  it("are there with their numbers when it is opened again, and counted on", async () => {
    const first = await complaints.record(complaint("a"));
    await close();
    await open();
    expect(await complaints.find(first.number)).toEqual([first]);
    expect(await complaints.record(complaint("a", { at: "2027-01-01T00:00:00.000Z" }))).toEqual(first);
    expect((await complaints.record(complaint("b"))).number).toBe("C-2026-000002");
  });

  it("keep their number and nothing of a person who is forgotten", async () => {
    const { number } = await complaints.record(complaint("a"));
    await complaints.record(complaint("b", { person: "bob" }));
    await complaints.forget("other", "ada");
    expect(await complaints.find(number)).toMatchObject([{ words: "the line was cut off (a)" }]);
    await complaints.forget("harbour", "ada");
    expect(await complaints.find(number)).toEqual([{ number, bot: "harbour", at: "2026-11-21T10:00:00.000Z" }]);
    expect((await complaints.record(complaint("c"))).number).toBe("C-2026-000003");
    expect((await complaints.list(9)).map(({ person }) => person)).toEqual(["ada", "bob", undefined]);
  });
});
