/** What agents may do. Composition roots take what they need from here. */
export { handOverTool } from "./hand-over/index.ts";
export { type BankOptions, bank } from "./banking/index.ts";
export { support } from "./support/index.ts";
export { type OpenToolset, createToolset } from "./registry/index.ts";
