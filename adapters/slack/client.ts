import type { Logger as LibraryLogger, LogLevel, WebClient } from "@slack/web-api";
import type { AdapterContext, Logger } from "../../adapter.ts";
import type { SlackSettings } from "./settings.ts";

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "log">;

const CALL_TIMEOUT_MS = 15_000;

/** A Web API client that never tries again by itself: a second POST could be a second message. */
export async function createClient(token: string | undefined, { settings, log }: Context): Promise<WebClient> {
  const { LogLevel: levels, WebClient: Client } = await import("@slack/web-api");
  return new Client(token, {
    slackApiUrl: settings.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: libraryLogger(log, levels.ERROR),
  });
}

/** The libraries' own lines, at debug level; what they say matters is told by our errors. */
export function libraryLogger(log: Logger, level: LogLevel): LibraryLogger {
  const say = (...parts: readonly unknown[]): void => log.debug({ library: "slack" }, parts.map(String).join(" "));
  const quiet = (): void => undefined;
  return { debug: quiet, info: quiet, warn: say, error: say, setLevel: quiet, setName: quiet, getLevel: () => level };
}
