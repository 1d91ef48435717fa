/** The executor of tools: `toolset` opens it, `call` is one call from validation to audit. */
export { type OpenToolset, createToolset } from "./toolset.ts";
