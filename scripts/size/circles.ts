import { cruise } from "dependency-cruiser";

const FOLDERS = ["core", "adapters", "agents", "tools", "recommender", "gateway", "cli", "bench", "test"];

/** Imports that lead back to where they start, as files in their order; found by what `npm run check:imports` uses. */
export async function circles(): Promise<readonly string[]> {
  const { output } = await cruise(FOLDERS, {
    validate: true,
    ruleSet: { forbidden: [{ name: "no-circles", severity: "error", from: {}, to: { circular: true } }] },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
  });
  if (typeof output === "string") throw new Error(`dependency-cruiser gave a text: ${output.slice(0, 200)}`);
  return output.summary.violations.map(({ from, cycle = [] }) => [from, ...cycle.map(({ name }) => name)].join(" "));
}
