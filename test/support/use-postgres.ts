import { afterAll, beforeAll } from "vitest";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

/** A real PostgreSQL that is started once for a test file (or a `describe`). Ask for it inside a test or a hook. */
export function usePostgres(): () => PostgresServer {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await server?.stop();
    server?.remove();
  });
  return () => {
    if (server === undefined) throw new Error("The server is not started yet: ask for it inside a test or a hook.");
    return server;
  };
}
