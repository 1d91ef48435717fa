/** A faulty configuration as an admin meets it: file and line, path, value, and what to do. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { buildOnce, runParley } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
beforeAll(buildOnce, 120_000);

/** In one line, so that those of the tests are easy to count. */
const IMPORTS = `${[
  'import { bank, crew, defineConfig, env, web } from "parleyjs"',
  'import { documents } from "parleyjs/documents"',
  'import { recommend } from "parleyjs/recommend"',
  'import { telegram } from "parleyjs/telegram"',
].join("; ")};\n`;

/** A project of its own with these files; a command on it. */
function project(files: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "parley-faulty-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules", "parleyjs"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    runParley(join(directory, "data"), "--config", join(directory, "bots.config.ts"), ...words, environment);
}

const Findings = z.object({
  valid: z.boolean(),
  issues: z.array(
    z.object({
      file: z.string().optional(),
      line: z.number().optional(),
      path: z.string(),
      message: z.string(),
      value: z.string().optional(),
      fix: z.string().optional(),
    }),
  ),
});

/** Place, path and fix of each finding. */
function findings(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr } = project(files)(["config", "check", "--json"], environment);
  expect(stderr).toBe("");
  return Findings.parse(JSON.parse(stdout)).issues;
}

const bots = (inside: string): string => `${IMPORTS}export default defineConfig({
  bots: {
    quiet: {
      name: "Quiet",
      ${inside}
    },
  },
});
`;

describe("web-and-operations D: lines of bots.config.ts", () => {
  it(
    "are those of the setting, also inside crews, packs and accounts, behind names, spreads and other files",
    { timeout: 120_000 },
    () => {
      const issues = findings({
        "accounts.ts": `import { web } from "parleyjs";\nexport const accounts = [\n  web({\n    waitSecond: 3,\n  }),\n];\n`,
        "bots.config.ts": `${IMPORTS}import { accounts } from "./accounts.ts";

const limits = {
  rate: { messages: "10" },
};
const manner = { burstMs: -1 };

export default defineConfig({
  bots: {
    quiet: {
      ...manner,
      limits,
      name: "Quiet",
      accounts: [
        ...accounts,
        telegram({
          token: env("NO_SUCH_TOKEN"),
          pollSeconds: 99,
        }),
      ],
      crew: crew({ model: "offline" }),
      tools: [
        documents({
          directory: "no/such",
        }),
        recommend({ products: "no.json" }),
      ],
    },
  },
  gateway: { prot: 9000 },
});
`,
      });
      expect(Object.fromEntries(issues.map(({ file, line, path }) => [path, `${file}:${line}`]))).toEqual({
        "bots.quiet.limits.rate.messages": "bots.config.ts:5",
        "bots.quiet.burstMs": "bots.config.ts:7",
        "bots.quiet.accounts.0.waitSecond": "accounts.ts:4",
        "bots.quiet.accounts.1.token": "bots.config.ts:18",
        "bots.quiet.accounts.1.pollSeconds": "bots.config.ts:19",
        "bots.quiet.tools.0.directory": "bots.config.ts:25",
        "bots.quiet.tools.1.products": "bots.config.ts:27",
        "gateway.prot": "bots.config.ts:31",
      });
    },
  );

  it.each([
    [
      "accounts: [web()],\n      crew: crew({\n        modell: 1,\n      }),",
      "bots.quiet.crew.modell",
      8,
      "Did you mean model?",
    ],
    ['accounts: [web()],\n      crew: crew({ model: "gpt-9" }),', "bots.quiet.crew.model", 7, /openai:gpt-5\.5/u],
    [
      'accounts: [web()],\n      crew: crew(),\n      tools: [bank(), documents({\n        dir: "x" })],',
      "bots.quiet.tools.1.dir",
      9,
      "Did you mean directory?",
    ],
    [
      "accounts: [web()],\n      crew: crew(),\n      tools: [bank({ limits: { perDayMinor: 1.5 } })],",
      "bots.quiet.tools.0.limits.perDayMinor",
      8,
      "Write a whole number.",
    ],
  ])("wrong settings in %s", { timeout: 120_000 }, (inside, path, line, fix) => {
    const issues = findings({ "bots.config.ts": bots(inside) });
    const issue = issues.find((one) => one.path === path);
    expect(issue).toMatchObject({
      file: "bots.config.ts",
      line,
      fix: typeof fix === "string" ? fix : expect.stringMatching(fix),
    });
  });

  it.each([
    [
      "a brace too many",
      `${IMPORTS}export default defineConfig({\n  bots: {{\n});\n`,
      "bots.config.ts:3: cannot be read as TypeScript",
    ],
    [
      "a missing file",
      'import { x } from "./no.ts";\nexport default x;\n',
      'bots.config.ts:1: there is no file "./no.ts"',
    ],
    [
      "a missing package",
      '\nimport x from "parly";\nexport default x;\n',
      'bots.config.ts:2: the package "parly" cannot be found',
    ],
    [
      "a name that parleyjs has not",
      'import {\n  crew,\n  webb,\n} from "parleyjs";\nexport default [crew(), webb()];\n',
      'bots.config.ts:3: "parleyjs" exports no webb',
    ],
    [
      "a name that has an entry of its own",
      'import { crew, slack } from "parleyjs";\nexport default [crew(), slack({})];\n',
      'fix: Write: import { slack } from "parleyjs/slack";',
    ],
    [
      "a name that nobody declared",
      `${IMPORTS}\nexport default defineConfig({ bots: weeb() });\n`,
      "bots.config.ts:3: there is no weeb",
    ],
    [
      "a value that is not there",
      `${IMPORTS}const them: any = {};\nexport default them.one.two;\n`,
      "bots.config.ts:3: fails when it is run: TypeError",
    ],
    [
      "no configuration",
      `${IMPORTS}export const config = 1;\n`,
      "bots.config.ts (line unknown): exports no configuration",
    ],
  ])("%s", { timeout: 120_000 }, (_name, text, expected) => {
    const { status, stderr } = project({ "bots.config.ts": text })(["config", "check"]);
    expect(status).toBe(2);
    expect(stderr.replace(/\s+/gu, " ")).toContain(expected);
    expect(stderr).toMatch(/fix: \S+/u);
    expect(stderr).not.toMatch(/ {4}at /u);
  });

  it("a circle of imports is named instead of filling in what has no value yet", { timeout: 120_000 }, () => {
    const config = `${bots("accounts: [web()], crew: crew(), persona: words")}import { words } from "./words.ts";\nexport const who = "me";\n`;
    const circle = 'import { who } from "./bots.config.ts";\nexport const words = "n" + who;\n';
    const { status, stderr } = project({ "bots.config.ts": config, "words.ts": circle })(["config", "check"]);
    expect(status).toBe(2);
    expect(stderr.replace(/\s+/gu, " ")).toMatch(
      /words\.ts:2: who is read before it has a value: the files import each other in a circle \(.*words\.ts → .*fix: Move what both need/u,
    );
    const harmless =
      'import { who } from "./bots.config.ts";\nexport const words = "n";\nexport const later = () => who;\n';
    expect(project({ "bots.config.ts": config, "words.ts": harmless })(["config", "check"]).stderr).toBe("");
  });
});

describe("web-and-operations D: what is refused before anything starts", () => {
  const redis = bots("accounts: [web()],\n      crew: crew(),").replace(
    "});\n",
    '  broker: { kind: "redis", url: env("REDIS_URL") },\n});\n',
  );

  it.each([
    [
      "REDIS_URL=notaurl",
      redis,
      { REDIS_URL: "notaurl" },
      "bots.config.ts:10 broker.url: what stands in REDIS_URL is no address of Redis",
    ],
    [
      "a folder of documents that is not there",
      bots('accounts: [web()],\n      crew: crew(),\n      tools: [documents({ directory: "no/such" })],'),
      {},
      'bots.config.ts:8 bots.quiet.tools.0.directory: there is no such folder (found "no/such")',
    ],
    [
      "a variable that is no address",
      bots("accounts: [web()],\n      crew: crew(),"),
      { ANTHROPIC_BASE_URL: "llm.example" },
      "ANTHROPIC_BASE_URL: expected an http(s) address",
    ],
    [
      "a key that is not set",
      bots('accounts: [web()],\n      crew: crew({ model: { apiKey: env("NO_SUCH_KEY") } }),'),
      {},
      "bots.config.ts:7 bots.quiet.crew.model.apiKey: environment variable NO_SUCH_KEY is not set",
    ],
  ])("%s: by start and by config check", { timeout: 120_000 }, (_name, text, environment, expected) => {
    const run = project({ "bots.config.ts": text });
    for (const words of [["config", "check"], ["start"]]) {
      const { status, stdout, stderr } = run(words, environment);
      expect(stdout).toBe("");
      expect(stderr.replace(/\s+/gu, " ")).toContain(`bots.config.ts has 1 problem: `);
      expect(stderr.replace(/\s+/gu, " ")).toContain(expected);
      expect(status).toBe(2);
    }
  });

  it("fits a terminal of 80 columns", { timeout: 120_000 }, () => {
    const run = project({
      "bots.config.ts": bots('accounts: ["web"], crew: "auto", tools: bank(), whileBusy: "steeer",'),
    });
    const { stderr } = run(["config", "check"], { COLUMNS: "80" });
    expect(stderr).toContain("4 problems");
    expect(stderr.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("a configuration that is never ready", () => {
  it("is told with the line of its await", { timeout: 120_000 }, () => {
    const [issue, ...others] = findings({
      "bots.config.ts": `const settings =\n  await new Promise(() => {});\nexport default settings;\n`,
    });
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      file: "bots.config.ts",
      line: 2,
      fix: expect.stringContaining("Await only what ends"),
    });
    expect(issue?.message).toContain("never ready");
  });
});

describe("a source map that leaves contents out", () => {
  it("hides no fault of what was imported with it", { timeout: 120_000 }, () => {
    const map = { version: 3, sources: ["helper.src.ts"], sourcesContent: [null], names: [], mappings: "AAAA" };
    const encoded = Buffer.from(JSON.stringify(map)).toString("base64");
    const [issue] = findings({
      "helper.js": `throw new Error("no helper today");\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`,
      "bots.config.ts": `import "./helper.js";\nexport default {};\n`,
    });
    expect(issue?.message).toContain("no helper today");
  });
});
