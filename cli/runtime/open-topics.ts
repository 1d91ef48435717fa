import { join } from "node:path";
import type { LoadedConfig } from "../../core/config/index.ts";
import { Secret } from "../../core/config/index.ts";
import type { Environment } from "../../core/environment.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { createEmbeddedTopics } from "../../core/topics/embedded/embedded-topics.ts";
import type { Topics } from "../../core/topics/topics.ts";
import { dataDirectoryOf } from "./data-directory.ts";

/** Opens the topics beside the configured broker: in a file, or on the same Redis. */
export async function openTopics(
  loaded: LoadedConfig,
  parts: { readonly environment: Environment; readonly telemetry: Telemetry },
): Promise<Topics> {
  const { broker } = loaded.config;
  if (broker.kind === "embedded") {
    return createEmbeddedTopics({ path: join(dataDirectoryOf(loaded), "topics.sqlite"), ...parts });
  }
  const { createRedisTopics } = await import("../../core/broker/redis/topics.ts");
  const connection = broker.url instanceof Secret ? broker.url.reveal() : broker.url;
  return await createRedisTopics({ connection, prefix: broker.prefix, ...parts });
}
