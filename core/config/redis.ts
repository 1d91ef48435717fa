import type { ConfigInput } from "./config.ts";

type Broker = NonNullable<ConfigInput["broker"]>;
type RedisOptions = Omit<Extract<Broker, { readonly kind: "redis" }>, "kind">;

/** The broker on Redis, for more than one process: `broker: redis({ url: env("REDIS_URL") })`. */
export function redis(options: RedisOptions): Broker {
  return { kind: "redis", ...options };
}
