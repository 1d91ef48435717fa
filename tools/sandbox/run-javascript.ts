import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import type { Json } from "../../core/json.ts";
import type { Tool } from "../../core/tool.ts";
import type { ProgramResult } from "./program.ts";
import { type ProgramLimits, runProgram } from "./run-program.ts";

/** The longest program: the rest of a call's arguments needs room as well. */
export const MOST_CODE = 20_000;

export const WHAT_PROGRAMS_ARE =
  "Plain JavaScript (ES2023), without network, files, timers, modules or a browser. The result is the value of the last expression.";

/** The tool that runs code for people who write or learn it. */
export function runJavascript(limits: ProgramLimits): Tool {
  return defineTool({
    name: "run_javascript",
    description: `Runs a small JavaScript program and gives its result and what it wrote to the console. Use it to run code that the person asks about, to try code before you show it, and to calculate. ${WHAT_PROGRAMS_ARE}`,
    input: z.strictObject({
      code: z.string().min(1).max(MOST_CODE),
      /** What the program finds as `input`. */
      input: z.json().optional(),
    }),
    purpose: "programs",
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "user",
    execute: async ({ code, input = null }, { signal }) => ({
      value: writtenResult(await runProgram({ code, input, signal }, limits), limits),
    }),
  });
}

/** A program's result as a model reads it, and an error as what its author has to know to mend it. */
export function writtenResult(result: ProgramResult, limits: ProgramLimits): Record<string, Json> {
  const console = result.console.length === 0 ? {} : { console: [...result.console] };
  switch (result.status) {
    case "done":
      return { status: "done", result: result.value, ...console };
    case "error":
      return { status: "error", error: result.error, ...console };
    case "stopped":
      return { status: "stopped", error: whyStopped(result.why, limits), ...console };
  }
}

function whyStopped(why: "time" | "memory" | "output", limits: ProgramLimits): string {
  switch (why) {
    case "time":
      return `It ran longer than ${limits.timeoutMs} ms and was stopped.`;
    case "memory":
      return `It needed more memory than ${limits.memoryMegabytes} MB and was stopped.`;
    case "output":
      return `Its result is longer than ${limits.outputCharacters} characters of JSON, or nested too deep. Give less, such as a summary.`;
  }
}
