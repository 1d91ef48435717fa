/** Several bots that recommend, in one process: who answers which address, and where their dead letters are. */
import { directoryFiles } from "../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { consoleChat } from "../../adapters/console/index.ts";
import { web } from "../../adapters/web/index.ts";
import type { CrewFactory } from "../../core/bot.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { createMetrics } from "../../core/observe/metrics.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createEmbeddedTopics } from "../../core/topics/embedded/embedded-topics.ts";
import { eventually } from "../../test/support/eventually.ts";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { openBots } from "./bots.ts";
import { systemEnvironment } from "./system-environment.ts";
import { topicCounts, topicNames } from "./topic-names.ts";

const silentCrew: CrewFactory = {
  name: "silent",
  summary: {},
  open: async () => ({
    run: async () => await Promise.reject(new Error("nobody speaks here")),
    close: async () => {},
  }),
};

async function open() {
  const directory = await temporaryFolder();
  const bot = { name: "Harbour", crew: silentCrew, tools: [recommend({ capture: "on" })] };
  const exported = {
    bots: { alpha: { ...bot, accounts: [web()] }, beta: { ...bot, accounts: [consoleChat()] } },
    dataDirectory: directory,
  };
  const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
  const loaded = { config, file: "bots.config.ts", directory };
  const parts = { environment: systemEnvironment(), telemetry: silentTelemetry };
  const topics = createEmbeddedTopics({ path: join(directory, "topics.sqlite"), ...parts, pollMs: 50 });
  const store = await openSqliteStore(directory);
  const bots = await openBots(loaded, {
    ...parts,
    store,
    databases: sqliteDatabases(directory),
    files: directoryFiles(directory),
    topics,
  });
  onTestFinished(async () => {
    await bots.close();
    await topics.close();
    await store.close();
  });
  return { bots, topics, names: topicNames(loaded) };
}

it("recommender 11: each answers at its own address, and the short ones say which there are", async () => {
  const { bots } = await open();
  const routes = bots.routes();
  const request = { parameters: {}, query: {}, body: { source: "shop", interactions: [] } };
  for (const short of ["popular", "interactions", "refresh-model", "products/:userId"]) {
    const named = ["alpha", "beta"].map((bot) => `/api/v1/bots/${bot}/recommendations/${short}`);
    const paths = routes.map(({ path }) => path).filter((path) => path.endsWith(`recommendations/${short}`));
    expect(paths.toSorted()).toEqual([...named, `/api/v1/recommendations/${short}`].toSorted());
    const route = routes.find(({ path }) => path === `/api/v1/recommendations/${short}`);
    const answer = Promise.resolve(route && Reflect.apply(route.handle, route, [request]));
    await expect(answer).rejects.toMatchObject({
      code: "gateway/ambiguous-bot",
      status: 400,
      message: expect.stringMatching(new RegExp(`alpha: ${named[0]}; beta: ${named[1]}`, "u")),
    });
  }
});

it("recommender 9: dead letters are known by topic, counted in the metric, and get another chance", async () => {
  const { bots, topics, names } = await open();
  expect(names).toHaveLength(8);
  bots.startWork();
  const topic = "alpha.product-views";
  await topics.publish(topic, [{ key: "broken", body: { id: "broken" } }]);
  const deadOf = async (): Promise<number | undefined> => (await topicCounts(topics, names))[topic]?.dead;
  await eventually(async () => expect(await deadOf()).toBe(1));
  const counts = async () => ({ waiting: 0, running: 0, scheduled: 0, outbox: 0, dead: 0 });
  const { expose } = createMetrics(counts, async () => await topicCounts(topics, names));
  const { body } = await expose();
  expect(body).toContain('parley_topic{topic="alpha.product-views",state="dead"} 1');
  expect(body).toContain('parley_topic{topic="beta.product-views",state="dead"} 0');
  const [letter] = await topics.deadLetters(topic, 1);
  expect(await topics.resubmit(topic, letter?.id ?? "")).toBe(true);
  await eventually(async () => expect((await topics.deadLetters(topic, 5)).map(({ key }) => key)).toEqual(["broken"]));
  const [again] = await topics.deadLetters(topic, 1);
  expect(await topics.remove(topic, again?.id ?? "")).toBe(true);
  expect(await deadOf()).toBe(0);
});
