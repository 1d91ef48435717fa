/**
 * Makes client/operations.ts from the OpenAPI document of a started product: its types by openapi-typescript, and a table
 * of the calls. `--check` fails where the file is not what would be made.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { z } from "zod";
import { startRuntime } from "../cli/runtime/runtime.ts";
import { validateConfig } from "../core/config/validate.ts";
import { packageDirectory } from "../core/package-directory.ts";
import { bank, crew, web } from "../index.ts";
import { documents } from "../tools/rag/index.ts";
import { recommend } from "../tools/recommend/index.ts";

const FILE = join(packageDirectory(), "client", "operations.ts");
const HEADER = "/** Made by `npm run client` from the OpenAPI document. Do not edit. */\n";
const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
});
type Document = z.infer<typeof Document>;

/** Every call that a bot can have. */
async function describeProduct(): Promise<Document> {
  const folder = await mkdtemp(join(tmpdir(), "parley-client-"));
  const accounts = bank();
  const tools = [
    accounts,
    recommend({ profileOf: accounts.profileOf, capture: "on" }),
    documents({ directory: folder }),
  ];
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools } },
    gateway: { port: 0 },
    log: { level: "silent" },
  };
  const readNothing = (): never => {
    throw new TypeError("No secret is read here.");
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder },
    readFile: readNothing,
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  const runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
  try {
    const document = Document.parse(await (await fetch(`${runtime.url ?? ""}/openapi.json`)).json());
    // The same calls under the name of a bot, which is another one everywhere.
    const paths = Object.entries(document.paths).filter(([path]) => !path.startsWith("/api/v1/bots/"));
    return { ...document, paths: Object.fromEntries(paths) };
  } finally {
    await runtime.close();
    await rm(folder, { recursive: true });
  }
}

function tableOf({ paths }: Document): string {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { operationId }]) => `${operationId}: { method: "${method.toUpperCase()}", path: "${path}" },`,
    ),
  );
  return `export const calls = {\n${rows.toSorted().join("\n")}\n} as const;\n`;
}

const document = await describeProduct();
const types = astToString(await openapiTS(JSON.stringify(document), { immutable: true }));
const formatted = spawnSync("npx", ["oxfmt", `--stdin-filepath=${FILE}`], {
  input: `${HEADER}${types}\n${tableOf(document)}`,
  encoding: "utf8",
});
if (formatted.status !== 0) throw new Error(`oxfmt failed: ${formatted.stderr}`);
const made = formatted.stdout;
if (!process.argv.includes("--check")) await writeFile(FILE, made);
else if ((await readFile(FILE, "utf8")) !== made) {
  console.error("client/operations.ts is not what the calls are now. Run: npm run client");
  process.exitCode = 1;
}
