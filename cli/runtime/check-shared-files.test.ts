import { expect, it } from "vitest";
import { processIdentity } from "../../core/broker/process-identity.ts";
import { validateConfig } from "../../core/config/index.ts";
import { web } from "../../adapters/web/index.ts";
import { crew } from "../../agents/index.ts";
import { checkSharedFiles } from "./check-shared-files.ts";

const shared = {
  broker: { kind: "redis", url: "redis://127.0.0.1" },
  store: { kind: "postgres", url: "postgres://127.0.0.1/parley" },
};
const here = { process: processIdentity(), host: "here" };
const elsewhere = { process: { ...processIdentity(), machine: "another" }, host: "elsewhere" };

const bots = { quiet: { name: "Quiet", accounts: [web()], crew: crew({ model: "offline" }) } };

function configOf(settings: object) {
  return validateConfig({ bots, ...settings }, "bots.config.ts", { environment: {}, readFile: () => "" });
}

it("warns of machines that share messages and tables, and not the files", () => {
  const [check] = checkSharedFiles(configOf(shared), [here, elsewhere, elsewhere]);
  expect(check).toMatchObject({ status: "warning", detail: expect.stringMatching(/has 2 \(.*, elsewhere\)/u) });
  expect(check?.remedy).toContain("files: s3(");
});

it.each([
  { what: "with everything on this machine", settings: shared, processes: [here] },
  { what: "with a bucket", settings: { ...shared, files: { kind: "s3", bucket: "my-bots" } }, processes: [elsewhere] },
  { what: "that shares nothing", settings: {}, processes: [here] },
])("says nothing of an installation $what", ({ settings, processes }) => {
  expect(checkSharedFiles(configOf(settings), processes)).toEqual([]);
});
