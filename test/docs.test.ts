import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { limitsTable } from "./conformance/limits-table.ts";

/** Examples are compiled inside the repository, so that `parleyjs` and relative imports mean what they mean to a reader. */
const root = new URL("..", import.meta.url).pathname;
const folder = join(root, ".parley", "docs-examples");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "recommender/README.md",
  ...["docs", "recommender/docs"].flatMap((pagesFolder) =>
    readdirSync(join(root, pagesFolder), { recursive: true, encoding: "utf8" }).map((name) => `${pagesFolder}/${name}`),
  ),
].filter((name) => name.endsWith(".md"));

interface Example {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

const examples = pages.flatMap((page): Example[] =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```/gmu)].map(
    ([, language = "", code = ""]) => ({
      page,
      language,
      code,
    }),
  ),
);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("documents", () => {
  it("have TypeScript examples that compile under the project's own settings", () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const typescript = examples.filter(({ language }) => language === "ts");
    expect(typescript.length).toBeGreaterThan(0);
    for (const [index, { page, code }] of typescript.entries()) {
      writeFileSync(join(folder, `${page.replaceAll(/\W/gu, "-")}-${index}.ts`), code);
    }
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
        include: ["*.ts"],
      }),
    );
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", folder],
      {
        encoding: "utf8",
      },
    );
    expect(stdout).toBe("");
  });

  it("name only commands and scripts that exist", () => {
    const manifest = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const scripts = Object.keys(manifest.scripts);
    const known = [
      "create",
      "login",
      "recommender",
      "start",
      "dev",
      "chat",
      "doctor",
      "plan",
      "why",
      "dead-letters",
      "config",
      "store",
      "eval",
      "hand-over",
      "complaints",
      "mcp",
      "users",
      "keys",
      "privacy",
    ];
    const shell = examples
      .filter(({ language }) => language === "sh")
      .map(({ code }) => code)
      .join("\n");
    const npmScripts = [...shell.matchAll(/npm run ([\w:-]+)/gu)].map(([, name = ""]) => name);
    const commands = [...shell.matchAll(/(?:npx parleyjs|^parley|npm run parley --) ([\w-]+)/gmu)].map(
      ([, name = ""]) => name,
    );
    expect(npmScripts.filter((name) => !scripts.includes(name))).toEqual([]);
    expect(commands.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("tell the limits that the manifests declare (npm run conformance writes them)", () => {
    expect(readFileSync(join(root, "docs/platforms.md"), "utf8")).toContain(limitsTable());
  });

  it("link only to files that exist", () => {
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/gu)]
        .map(([, target = ""]) => new URL(target, `file://${root}${page}`).pathname)
        .filter((path) => !existsSync(path))
        .map((path) => `${page} → ${path}`),
    );
    expect(broken).toEqual([]);
  });
});
