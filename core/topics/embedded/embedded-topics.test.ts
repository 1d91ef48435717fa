import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { topicsContract } from "../../../test/contracts/topics.ts";
import { temporaryFolder } from "../../../test/support/tool-pack.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { createEmbeddedTopics } from "./embedded-topics.ts";
import { eventually } from "../../../test/support/eventually.ts";

const environment = { clock: Date.now, random: Math.random, newId: () => "id" };
const open = (path: string) => createEmbeddedTopics({ path, environment, telemetry: silentTelemetry, pollMs: 50 });

topicsContract({
  name: "embedded",
  place: async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-topics-"));
    return {
      open: async () => open(join(folder, "topics.sqlite")),
      remove: async () => await rm(folder, { recursive: true }),
    };
  },
});

it("takes up what a dead process had in hand, and buries what kills its processes", async () => {
  const path = join(await temporaryFolder(), "topics.sqlite");
  const first = open(path);
  await first.publish("views", [
    { key: "interrupted", body: null },
    { key: "deadly", body: null },
  ]);
  await first.close();
  // As processes leave it that were killed with the messages in hand: started, never ended, the lease over.
  const database = openDatabase(path);
  database.exec("UPDATE topic_messages SET attempts = CASE key WHEN 'deadly' THEN 2 ELSE 1 END, due_at = 0");
  database.close();
  const second = open(path);
  const got: string[] = [];
  second.consume("views", async ({ key, attempt }) => void got.push(`${key} ${attempt}`));
  await eventually(async () => expect(await second.counts("views")).toEqual({ waiting: 0, dead: 1 }));
  expect(got).toEqual(["interrupted 2"]);
  expect((await second.deadLetters("views", 1))[0]).toMatchObject({
    key: "deadly",
    reason: expect.stringContaining("died"),
  });
  await second.close();
});
