/** Runs small programs that a model or a person wrote: tools for coding and for questions about tables. */
import { z } from "zod";
import type { ToolPackFactory } from "../../core/bot.ts";
import { readSettings } from "../../core/config/check-settings.ts";
import type { Check } from "../../core/check.ts";
import { missingPackages } from "../../core/config/missing-package.ts";
import { analyzeTable } from "./analyze-table.ts";
import { missingForCharts } from "./draw-chart.ts";
import { runJavascript } from "./run-javascript.ts";
import { SANDBOX, SANDBOX_PACKAGES } from "./run-program.ts";

const Options = z.strictObject({
  /** How long one program may run, in ms; below the 20 s that a tool may take. */
  timeoutMs: z.number().int().min(50).max(15_000).default(3_000),
  /** Memory of one program with its engine, in MB. The engine starts with 16. */
  memoryMegabytes: z.number().int().min(20).max(1_024).default(64),
  /** The longest result of a program, in characters of JSON. */
  outputCharacters: z.number().int().min(100).max(200_000).default(20_000),
});
export type SandboxOptions = z.input<typeof Options>;

/**
 * Gives a bot the tools that run small JavaScript programs, each in a thread and a memory of its own. Throws
 * `SettingsError` for wrong settings.
 */
export function sandbox(options: SandboxOptions = {}): ToolPackFactory {
  const limits = readSettings(Options, options, "sandbox");
  return {
    name: "sandbox",
    summary: { ...limits },
    missing: () => missingPackages(SANDBOX, SANDBOX_PACKAGES),
    open: async () => ({
      tools: [runJavascript(limits), analyzeTable(limits)],
      check: async () => [chartCheck()],
      close: async () => undefined,
    }),
  };
}

/** Charts are told in words where no picture can be drawn, so that is no fault. */
function chartCheck(): Check {
  const missing = missingForCharts();
  if (missing === undefined) return { name: "sandbox charts", status: "ok", detail: "Charts are drawn as pictures." };
  const detail = "Charts are told in words, because what draws them is not installed.";
  return { name: "sandbox charts", status: "warning", detail, remedy: missing };
}
