import { isOutage } from "./broker/retry-policy.ts";
import type { ParleyError } from "./errors.ts";

/** Addresses of databases and storages are for the log, not for whoever writes to the bot. */
const OUT_OF_REACH =
  "Something that this bot needs cannot be reached right now. Try again in a moment; whoever runs it finds the cause in the log.";

/** What somebody outside is told of a deliberate error. */
export function publicDetail(error: ParleyError): string {
  return isOutage(error) ? OUT_OF_REACH : error.message;
}
