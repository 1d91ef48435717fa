/** The score card of the adapters, with the table of limits: `docs/platforms.md`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { z } from "zod";
import { limitsTable } from "./limits-table.ts";

const GROUPS = [
  "identity",
  "inbound",
  "acknowledgement",
  "outbound",
  "interactive",
  "lifecycle",
  "security",
  "capabilities",
] as const;
const CASE = new RegExp(`(${GROUPS.join("|")}): `, "u");
const FILES = ["adapters", "examples/irc"];
const PAGE = "docs/platforms.md";

const Results = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

/** One adapter, or one transport of it. */
interface Row {
  readonly name: string;
  readonly passed: Readonly<Record<string, number>>;
  readonly all: Readonly<Record<string, number>>;
}

function runCases(): z.output<typeof Results> {
  const folder = mkdtempSync(join(tmpdir(), "parley-conformance-"));
  const report = join(folder, "report.json");
  const args = [
    "vitest",
    "run",
    ...FILES,
    "--testNamePattern",
    CASE.source,
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  spawnSync("npx", args, { stdio: ["ignore", "ignore", "inherit"] });
  const results = Results.parse(JSON.parse(readFileSync(report, "utf8")));
  rmSync(folder, { recursive: true, force: true });
  return results;
}

function rowsOf({ testResults }: z.output<typeof Results>): readonly Row[] {
  const rows = new Map<string, { passed: Record<string, number>; all: Record<string, number> }>();
  for (const { name: file, assertionResults } of testResults) {
    for (const { ancestorTitles, title, status } of assertionResults) {
      const group = CASE.exec(title)?.[1];
      if (group === undefined || status === "skipped" || status === "pending") continue;
      const path = relative(process.cwd(), file).split("/");
      const name = [path[0] === "examples" ? "examples/irc" : path[1], transportOf(ancestorTitles, file)].join("");
      const row = rows.get(name) ?? { passed: {}, all: {} };
      rows.set(name, row);
      row.all[group] = (row.all[group] ?? 0) + 1;
      if (status === "passed") row.passed[group] = (row.passed[group] ?? 0) + 1;
    }
  }
  return [...rows].map(([name, counts]) => ({ name, ...counts })).toSorted((a, b) => a.name.localeCompare(b.name));
}

function transportOf(titles: readonly string[], file: string): string {
  const transport = /\b(polling|webhook)\b/u.exec(titles.join(" "))?.[1] ?? /whatsapp\/(web|cloud)/u.exec(file)?.[1];
  return transport === undefined ? "" : ` (${transport})`;
}

function scoreTable(rows: readonly Row[]): string {
  const cells = (values: readonly string[]): string => `| ${values.join(" | ")} |`;
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return [
    cells(["adapter", ...GROUPS, "all"]),
    cells(["---", ...GROUPS.map(() => "---"), "---"]),
    ...rows.map(({ name, passed, all }) =>
      cells([
        name,
        ...GROUPS.map((group) => `${passed[group] ?? 0}/${all[group] ?? 0}`),
        `**${sum(passed)}/${sum(all)}**`,
      ]),
    ),
  ].join("\n");
}

const pageOf = (rows: readonly Row[]): string => `# Platforms

The limits come from the adapters' manifests. \`npm run conformance\` runs the kit of [\`parleyjs/testing\`](developers.md) for every
adapter, with the real client library against its local platform, and writes both tables; \`--check\` compares them.

## Limits

${limitsTable()}

## Conformance

Passed cases of all cases. A case about a capability exists only where it is declared.

${scoreTable(rows)}

WhatsApp Web has five cases fewer: its page is the platform's own client, which queues messages and sends them again under the same
id, so refused or interrupted calls are not visible.
`;

/** Runs the kit's cases of every adapter and writes the page, or checks it. False when a case fails or the page differs. */
export function scoreCard({ isCheck }: { readonly isCheck: boolean }): boolean {
  const rows = rowsOf(runCases());
  const isCurrent = !isCheck || readFileSync(PAGE, "utf8") === pageOf(rows);
  if (!isCurrent) process.stdout.write(`${PAGE} is not what the cases say. Run: npm run conformance\n`);
  if (!isCheck) writeFileSync(PAGE, pageOf(rows));
  process.stdout.write(`${scoreTable(rows)}\n`);
  const failed = rows.some(({ passed, all }) => GROUPS.some((group) => (passed[group] ?? 0) < (all[group] ?? 0)));
  return rows.length > 0 && !failed && isCurrent;
}
