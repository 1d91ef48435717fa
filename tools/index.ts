/** What agents may do. Composition roots take what they need from here. */
export { type BankOptions, bank } from "./banking/index.ts";
export { type OpenToolset, createToolset } from "./registry/index.ts";
