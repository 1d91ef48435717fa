import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { consoleChat } from "../../adapters/console/index.ts";
import { crew } from "../../agents/index.ts";
import { describeConfig, env } from "../../core/config/index.ts";
import { s3 } from "../../core/config/s3.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { directNetwork } from "../../core/network/network.ts";
import { type S3Server, startS3 } from "../../test/support/s3-server.ts";
import { openFiles } from "./open-files.ts";

let directory: string;
let server: S3Server;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-open-files-"));
  server = await startS3();
});
afterEach(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

function load(files: unknown) {
  const bots = { one: { name: "One", accounts: [consoleChat()], crew: crew({ model: "offline" }) } };
  const { accessKeyId: S3_KEY, secretAccessKey: S3_SECRET } = server.credentials;
  const sources = { environment: { S3_KEY, S3_SECRET }, readFile: () => "" };
  const config = validateConfig({ bots, files }, "bots.config.ts", sources);
  return { config, file: "bots.config.ts", directory };
}

const credentials = { accessKeyId: env("S3_KEY"), secretAccessKey: env("S3_SECRET") };

describe("the files of a configuration", () => {
  it("lie in the data directory where nothing is said", async () => {
    const files = await openFiles(load(undefined), directNetwork);
    expect(await files.check()).toEqual([{ name: "files", status: "ok", detail: join(directory, ".parley") }]);
  });

  it("lie in a bucket, and no plan shows the keys to it", async () => {
    const { endpoint, bucket } = server;
    const loaded = load(s3({ bucket, prefix: "parley/one", endpoint, forcePathStyle: true, credentials }));
    const files = await openFiles(loaded, directNetwork);
    const detail = `s3://files/parley/one at ${new URL(endpoint).host}`;
    expect(await files.check()).toEqual([{ name: "files", status: "ok", detail }]);
    await files.close();
    const plan = describeConfig(loaded.config);
    expect(plan["files"]).toMatchObject({ kind: "s3", bucket, credentials: "from env S3_SECRET" });
    expect(JSON.stringify(plan)).not.toMatch(new RegExp(Object.values(server.credentials).join("|"), "u"));
  });

  it("are refused where they cannot be a bucket's", () => {
    const wrong = { bucket: "No Bucket", prefix: "../up", region: "eu central", endpoint: "http://me:s3cr3t@host" };
    const faults = (() => {
      try {
        return load({ kind: "s3", ...wrong, credentials: { ...credentials, secretAccessKey: "s3cr3t" } });
      } catch (thrown) {
        return String(thrown);
      }
    })();
    for (const name of ["bucket", "prefix", "region", "endpoint", "credentials.secretAccessKey"])
      expect(faults).toContain(`files.${name}`);
    expect(faults).not.toContain("s3cr3t");
  });
});
