/** What the hosts share: Redis, PostgreSQL, a storage of files, two Telegrams; on this machine, offered to the network. */
import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";
import { startS3 } from "../support/s3-server.ts";
import type { HostNetwork } from "./network.ts";

export type Services = Awaited<ReturnType<typeof startServices>>;

/** `environment` is what every host's processes get. */
export async function startServices(network: HostNetwork) {
  const redis = await startRedis({ appendonly: true });
  const postgres = await startPostgres();
  const s3 = await startS3();
  const telegram = await openTelegramLocally();
  const echo = await openTelegramLocally();
  const database = await postgres.createDatabase();
  const offered = async (url: string): Promise<string> => {
    const address = new URL(url);
    await network.offer(Number(address.port));
    return url.replace("127.0.0.1", network.address);
  };
  const access = crypto.randomUUID();
  const trusted = crypto.randomUUID();
  const environment: Readonly<Record<string, string>> = {
    REDIS_URL: await offered(redis.url),
    DATABASE_URL: await offered(database),
    S3_ENDPOINT: await offered(s3.endpoint),
    S3_BUCKET: s3.bucket,
    S3_KEY_ID: s3.credentials.accessKeyId,
    S3_SECRET: s3.credentials.secretAccessKey,
    TELEGRAM_API: await offered(telegram.url),
    TELEGRAM_TOKEN: telegram.token,
    ECHO_API: await offered(echo.url),
    ECHO_TOKEN: echo.token,
    PARLEY_ACCESS_TOKEN: access,
    PARLEY_TRUSTED_TOKEN: trusted,
  };
  return {
    environment,
    trusted,
    telegram,
    echo,
    s3,
    close: async () => {
      await telegram.close();
      await echo.close();
      await s3.stop();
      await redis.stop();
      await postgres.stop();
      postgres.remove();
    },
  };
}
