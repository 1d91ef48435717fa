import type { ConfigInput } from "./config.ts";

type Store = NonNullable<ConfigInput["store"]>;
type PostgresOptions = Omit<Extract<Store, { readonly kind: "postgres" }>, "kind">;

/** Everything at rest in PostgreSQL, for more than one machine: `store: postgres({ url: env("DATABASE_URL") })`. */
export function postgres(options: PostgresOptions): Store {
  return { kind: "postgres", ...options };
}
