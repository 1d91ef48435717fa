import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { env } from "../../../core/config/index.ts";
import { packageDirectory } from "../../../core/package-directory.ts";
import { silentTelemetry } from "../../../core/silent-telemetry.ts";
import { startMongoDouble } from "../../../test/support/mongo-server/index.ts";
import { interaction } from "../../../test/contracts/interactions.ts";
import { openContext, temporaryFolder } from "../../../test/support/tool-pack.ts";
import { recommend } from "../index.ts";
import { Product } from "./product.ts";
import { createProductSource, type ProductPort } from "./product-source.ts";

const samples = join(packageDirectory(), "samples", "bank", "products.json");
const products = z.array(Product).parse(JSON.parse(await readFile(samples, "utf8")));
const known = new Map(products.map((product) => [product.id, product]));
const ids = [...known.keys()];

/** A source over a bank that can be slow, down, or have changed its mind. */
function bench(details: ProductPort["details"]) {
  const time = { now: 1_000_000 };
  const asked: (readonly string[])[] = [];
  const port = {
    details: async (wanted: readonly string[]) => {
      asked.push(wanted);
      return await details(wanted);
    },
  };
  const source = createProductSource({
    port,
    known,
    clock: () => time.now,
    telemetry: silentTelemetry,
    batch: 20,
    timeoutMs: 30,
  });
  return { source, asked, time };
}

const found = async (wanted: readonly string[]) => wanted.flatMap((id) => known.get(id) ?? []);

describe("product details", () => {
  it("are asked for in batches, once in five minutes", async () => {
    const { source, asked, time } = bench(found);
    expect((await source.details(ids)).size).toBe(ids.length);
    expect(asked.map((batch) => batch.length)).toEqual([20, 20, ids.length - 40]);
    await source.details(ids);
    expect(asked).toHaveLength(3);
    time.now += 300_000;
    await source.details(ids.slice(0, 5));
    expect(asked.at(-1)).toEqual(ids.slice(0, 5));
  });

  it("are those of now, and what is not offered any more is left out", async () => {
    const [gone = "", dearer = ""] = ids;
    const { source } = bench(async (wanted) =>
      (await found(wanted))
        .filter(({ id }) => id !== gone)
        .map((product) => (product.id === dearer ? { ...product, riskLevel: 7 } : product)),
    );
    const details = await source.details([gone, dearer]);
    expect([...details.keys()]).toEqual([dearer]);
    expect(details.get(dearer)?.riskLevel).toBe(7);
  });

  it.each([
    ["fails", async () => await Promise.reject(new Error("down"))],
    ["never answers", async () => await new Promise<never>(() => undefined)],
    ["answers nonsense", async () => products.map((product) => ({ ...product, riskLevel: 99 }))],
  ])("come from what is known while the bank %s, which is left alone after five failures", async (_how, details) => {
    const { source, asked, time } = bench(details);
    for (let call = 0; call < 8; call += 1) expect((await source.details(ids.slice(0, 3))).size).toBe(3);
    expect(asked).toHaveLength(5);
    time.now += 60_000;
    await source.details(ids.slice(0, 3));
    expect(asked).toHaveLength(6);
  });
});

it("a bank's own system may be down while the bot recommends within the rules", async () => {
  const port: ProductPort = {
    list: async () => products,
    details: async () => await Promise.reject(new Error("down")),
  };
  const context = await openContext(await temporaryFolder());
  const { recommender, close } = await recommend({
    productsFrom: port,
    exclude: { categories: ["fund"] },
  }).openRecommender(context);
  const { recommendations, modelVersion } = await recommender.forUser("nobody", { limit: 10 });
  expect([modelVersion, recommendations.length]).toEqual(["none", 10]);
  expect(recommendations.filter(({ category }) => category === "fund")).toEqual([]);
  await close();
});

it("interactions may be kept in MongoDB, from which a training thread reads", async () => {
  const server = await startMongoDouble();
  process.env["PARLEY_TEST_MONGODB_URI"] = server.url;
  onTestFinished(async () => {
    delete process.env["PARLEY_TEST_MONGODB_URI"];
    await server.close();
  });
  const context = await openContext(await temporaryFolder());
  const store = { kind: "mongodb" as const, url: env("PARLEY_TEST_MONGODB_URI") };
  const { store: kept, refresher, recommender, close } = await recommend({ store }).openRecommender(context);
  await kept.add([
    interaction({ id: "1", userId: "anna", productIds: ["fund-growth"], timestamp: new Date().toISOString() }),
  ]);
  const { summary } = await refresher.refresh();
  expect(summary).toMatchObject({ people: 121, cleaning: { read: 2_465 } });
  const { recommendations } = await recommender.forUser("anna", { limit: 5 });
  expect(recommendations).toHaveLength(5);
  await close();
});
