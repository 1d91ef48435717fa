/** A socket lives as long as the rights that it was opened with. */
import type { WebSocket } from "ws";
import type { RoutePermission } from "../../core/permission.ts";
import { reachOf } from "./decide.ts";
import type { Principal } from "./principal.ts";

/** How long a socket that nobody writes to may go on showing what it shows. */
const LOOK_AGAIN_MS = 30_000;

/** Whether whoever opened it still may; where not, the socket is closed. */
export type StillMay = () => Promise<boolean>;

/**
 * Looks the rights up now and then, so that nobody goes on reading who was locked or lost a role or key, and by the
 * returned function before each message. What cannot be looked up is not let through.
 */
export function holdRights(
  raw: WebSocket,
  opened: {
    readonly principal: Principal | undefined;
    readonly permission: RoutePermission;
    readonly bot: string | undefined;
  },
  current: (credential: string) => Promise<Principal | undefined>,
): StillMay {
  const { principal, permission, bot } = opened;
  const credential = principal?.credential;
  if (principal === undefined || credential === undefined) return async () => true;
  const reach = (who: Principal): string =>
    permission === "public" || permission === "signed" ? "any" : reachOf(who, permission, bot);
  const before = reach(principal);
  const end = (code: number, reason: string): false => {
    raw.close(code, reason);
    return false;
  };
  const look: StillMay = async () => {
    const now = await current(credential);
    if (now === undefined) return end(4401, "gateway/unauthorized");
    const after = reach(now);
    return after === before || after === "any" || end(4403, "gateway/forbidden");
  };
  // What cannot be looked up now is looked up the next time.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_AGAIN_MS);
  timer.unref();
  raw.on("close", () => clearInterval(timer));
  return async () => await look().catch(() => end(1013, "gateway/unavailable"));
}
