/** Lua scripts as typed functions: sent by hash, in full only when the server does not know them (after its restart). */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

export type ScriptArgument = string | number;

/** Runs a script on one connection. */
export type Script = (redis: Redis, keys: readonly string[], values: readonly ScriptArgument[]) => Promise<unknown>;

/** Turns Lua into a function. */
export function defineScript(lua: string): Script {
  const sha = createHash("sha1").update(lua).digest("hex");
  return async (redis, keys, values) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...values);
    } catch (thrown) {
      if (!(thrown instanceof Error && thrown.message.startsWith("NOSCRIPT"))) throw thrown;
      return await redis.eval(lua, keys.length, ...keys, ...values);
    }
  };
}
