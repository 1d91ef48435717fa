/**
 * What `bots.config.ts` is written with. Platforms and engines that bring a library of their own stand in entries of their
 * own (`parleyjs/discord`, `parleyjs/redis`, …). Adapter and tool authors find their contracts in `parleyjs/adapter`.
 */
export { consoleChat } from "./adapters/console/index.ts";
export { web } from "./adapters/web/index.ts";
export { crew } from "./agents/index.ts";
export { adapterPackage, defineConfig, env, file } from "./core/config/index.ts";
export type { AdapterPackageOptions, ConfigInput } from "./core/config/index.ts";
export { langchain } from "./core/langchain/index.ts";
export type { LangChainOptions } from "./core/langchain/index.ts";
export { bank, support } from "./tools/index.ts";
