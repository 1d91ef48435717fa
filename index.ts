/** What `bots.config.ts` is written with. Adapter and tool authors find their contracts in `parley/adapter`. */
export { consoleChat } from "./adapters/console/index.ts";
export { discord } from "./adapters/discord/index.ts";
export { slack } from "./adapters/slack/index.ts";
export { telegram } from "./adapters/telegram/index.ts";
export { web } from "./adapters/web/index.ts";
export { whatsapp } from "./adapters/whatsapp/index.ts";
export { crew } from "./agents/index.ts";
export { adapterPackage, defineConfig, env, file } from "./core/config/index.ts";
export type { AdapterPackageOptions, ConfigInput } from "./core/config/index.ts";
export { bank, documents, recommend } from "./tools/index.ts";
