import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { directoryFiles } from "../../../core/files/directory-files.ts";
import { postgresDatabases } from "../../../core/store/databases.ts";
import { copyStore } from "../../../core/store/copy/copy.ts";
import { openPostgresDatabase } from "../../../core/store/postgres/postgres-database.ts";
import { interaction } from "../../../test/contracts/interactions.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openContext, temporaryFolder } from "../../../test/support/tool-pack.ts";
import { recommend } from "../index.ts";

const server = usePostgres();

/** The recommender of one host: a directory of its own, the database and the files shared. */
async function openHost(url: string, shared: string) {
  const databases = await postgresDatabases({ url });
  const context = { ...(await openContext(await temporaryFolder())), databases, files: directoryFiles(shared) };
  const opened = await recommend({ capture: "on" }).openRecommender(context);
  const following = opened.serving.follow();
  onTestFinished(async () => {
    await following.close();
    await opened.close();
    await databases.close();
  });
  return { ...opened, servingVersion: async () => (await opened.serving.bundle())?.summary.version };
}

describe("the recommender on several hosts", () => {
  it("learns from all of them, trains on one, and serves the same version on each", async () => {
    const [url, shared] = [await server().createDatabase(), await temporaryFolder()];
    const [one, other] = [await openHost(url, shared), await openHost(url, shared)];
    await expect
      .poll(async () => [await one.servingVersion(), await other.servingVersion()])
      .toEqual(["v0000", "v0000"]);
    await one.store.add([interaction({ id: "1", productIds: ["fund-growth"] })]);
    const stages: string[] = [];
    const training = other.refresher.refresh({ onProgress: ({ stage }) => stages.push(stage) });
    await expect.poll(() => stages, { timeout: 10_000 }).toContain("reading");
    await expect(one.refresher.refresh()).rejects.toMatchObject({ code: "recommend/training-runs" });
    const { summary } = await training;
    // Those of the sample, and the one that the other host kept.
    expect(summary.people).toBe(121);
    await expect.poll(one.servingVersion).toBe("v0001");
    await one.refresher.refresh({ force: true });
    await expect.poll(other.servingVersion).toBe("v0002");
    await server().stop("immediate");
    await server().start();
    await expect.poll(async () => await one.versions.rollBack().catch(() => undefined)).toBe("v0001");
    await expect.poll(other.servingVersion, { timeout: 10_000 }).toBe("v0001");
  });

  it("takes interactions and versions along from the files of one machine", async () => {
    const folder = await temporaryFolder();
    const context = await openContext(folder);
    const pack = recommend({ capture: "on" });
    const one = await pack.openRecommender(context);
    await one.store.add([interaction({ id: "1" })]);
    await one.refresher.refresh();
    await one.close();
    const url = await server().createDatabase();
    const target = openPostgresDatabase({ url });
    onTestFinished(target.close);
    const tables = (await pack.tables?.()) ?? [];
    await copyStore({ files: tables.map(({ file, modules }) => ({ path: join(folder, file), modules })), target });
    const host = await openHost(url, folder);
    await expect.poll(host.servingVersion).toBe("v0001");
    expect(await host.store.add([interaction({ id: "1" }), interaction({ id: "2" })])).toBe(1);
  });
});
