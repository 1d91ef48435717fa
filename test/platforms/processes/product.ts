/** The product in a process of its own, to be killed: `node --import tsx product.ts <spec as JSON>`. */
import { z } from "zod";
import { Secret } from "../../../core/config/index.ts";
import { startBotOn } from "../bot.ts";

const Spec = z.object({
  /** The adapter's module, from the repository's root, and the platform whose adapter it exports. */
  module: z.string(),
  platform: z.string(),
  accountName: z.string(),
  settings: z.unknown(),
  directory: z.string(),
});
/** What must look like an adapter to be one; its own schema checks the settings. */
const isAdapterFor =
  (platform: string, settings: unknown) =>
  (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    "manifest" in value &&
    z.looseObject({ platform: z.literal(platform) }).safeParse(value.manifest).success &&
    "configSchema" in value &&
    value.configSchema instanceof z.ZodType &&
    // A platform may have an adapter for each of its transports.
    value.configSchema.safeParse(settings).success;

const spec = Spec.parse(
  JSON.parse(process.argv[2] ?? "", (_key, value: unknown) => {
    const sealed = z.strictObject({ $secret: z.string() }).safeParse(value);
    return sealed.success ? new Secret(sealed.data.$secret, "the test") : value;
  }),
);
const module: unknown = await import(new URL(`../../../${spec.module}`, import.meta.url).href);
const adapter: unknown = Object.values(z.record(z.string(), z.unknown()).parse(module)).find(
  isAdapterFor(spec.platform, spec.settings),
);
const account = { adapter, name: spec.accountName, settings: spec.settings };
const bot = await startBotOn([account], { directory: spec.directory });
process.send?.("ready");
process.on("SIGTERM", () => {
  void bot.close().finally(() => process.exit(0));
});
