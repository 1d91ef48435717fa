import { join } from "node:path";
import type { Broker } from "../../core/broker/broker.ts";
import { createEmbeddedBroker } from "../../core/broker/embedded/embedded-broker.ts";
import { type LoadedConfig, Secret } from "../../core/config/index.ts";
import type { Environment } from "../../core/environment.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { dataDirectoryOf } from "./data-directory.ts";

const DAY_MS = 86_400_000;

/** Opens the configured broker. Redis is loaded only where it is used. */
export async function openBroker(
  loaded: LoadedConfig,
  parts: { readonly environment: Environment; readonly telemetry: Telemetry },
): Promise<Broker> {
  const { broker, retention } = loaded.config;
  const kept = {
    deadRetentionMs: retention.deadLetters * DAY_MS,
    lifecycleRetentionMs: retention.lifecycle * DAY_MS,
  };
  if (broker.kind === "embedded") {
    const path = join(dataDirectoryOf(loaded), "broker.sqlite");
    return createEmbeddedBroker({ path, synchronous: broker.synchronous, ...kept, ...parts });
  }
  const { createRedisBroker } = await import("../../core/broker/redis/redis-broker.ts");
  const connection = broker.url instanceof Secret ? broker.url.reveal() : broker.url;
  return await createRedisBroker({
    connection,
    prefix: broker.prefix,
    lifecycleRetentionMs: kept.lifecycleRetentionMs,
    deadLetterRetentionMs: kept.deadRetentionMs,
    ...parts,
  });
}
