/** Tokens that expire, where the app has token rotation switched on. */
import { z } from "zod";
import type { AdapterContext } from "../../adapter.ts";
import { describeError, realSleep } from "../../adapter.ts";
import { createClient } from "./client.ts";
import type { Installation, Installations } from "./installations.ts";
import { SlackTokenError } from "./token-error.ts";
import type { SlackSettings } from "./settings.ts";
import { platformError } from "./transport/send-errors.ts";

/** A token works for twelve hours; it is renewed this long before its end. */
const AHEAD_MS = 2 * 3_600_000;
/** After a renewal that failed or that another process does, it is looked at again. */
const AGAIN_MS = 60_000;
const CLAIM_MS = 30_000;
/** Two processes that claim at once see each other's claim after this. */
const SETTLE_MS = 150;
const WAIT_MS = 500;

const Renewed = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "log" | "environment">;

export interface Fresh {
  readonly installation: Installation;
  /** When it must be asked for again, ms since 1970; left out for tokens that do not expire. */
  readonly renewAt?: number;
}

/**
 * The installation with a token that works. A refresh token works once, so one process at a time renews: the others go
 * on with the old token, which works until its end, or wait for the new one. Throws `SlackTokenError` where neither is there.
 */
export async function freshInstallation(
  context: Context,
  installations: Installations,
  known: Installation,
): Promise<Fresh> {
  const now = (): number => context.environment.clock();
  const by = context.environment.newId();
  for (let installation = known; ; installation = (await installations.get(known.team)) ?? installation) {
    const { expiresAt, refreshToken } = installation;
    if (expiresAt === undefined || refreshToken === undefined) return { installation };
    if (expiresAt - now() > AHEAD_MS) return { installation, renewAt: expiresAt - AHEAD_MS };
    if (await hasClaimed(installations, known.team, { by, now: now(), forMs: CLAIM_MS })) {
      return await renewed(context, installations, { installation, refreshToken, by });
    }
    if (expiresAt > now() + AGAIN_MS) return { installation, renewAt: now() + AGAIN_MS };
    await realSleep(WAIT_MS);
  }
}

/** Claims, and looks again whether the claim stood. */
async function hasClaimed(
  installations: Installations,
  id: string,
  facts: Parameters<Installations["claim"]>[1],
): Promise<boolean> {
  if (!(await installations.claim(id, facts))) return false;
  await realSleep(SETTLE_MS);
  return await installations.claim(id, facts);
}

interface Renewal {
  readonly installation: Installation;
  readonly refreshToken: string;
  readonly by: string;
}

async function renewed(context: Context, installations: Installations, renewal: Renewal): Promise<Fresh> {
  const { installation, by } = renewal;
  const { log, environment } = context;
  try {
    // Another process may have been quicker between the first look and the claim.
    const stored = (await installations.get(installation.team)) ?? installation;
    if (stored.token !== installation.token) return freshOf(stored);
    const next = await exchange(context, renewal);
    await installations.put(next);
    log.info({ team: installation.team }, "Slack gave a new token");
    return freshOf(next);
  } catch (thrown) {
    const stored = await installations.get(installation.team);
    if (stored !== undefined && stored.token !== installation.token) return freshOf(stored);
    const reason = platformError(thrown) ?? describeError(thrown);
    log.warn({ team: installation.team, error: reason }, "a token of Slack was not renewed");
    if ((installation.expiresAt ?? 0) <= environment.clock())
      throw new SlackTokenError(reason, `token of ${installation.name}, which expired and could not be renewed`);
    return { installation, renewAt: environment.clock() + AGAIN_MS };
  } finally {
    await installations.release(installation.team, by);
  }
}

function freshOf(installation: Installation): Fresh {
  const { expiresAt } = installation;
  return expiresAt === undefined ? { installation } : { installation, renewAt: expiresAt - AHEAD_MS };
}

async function exchange(context: Context, { installation, refreshToken }: Renewal): Promise<Installation> {
  const { oauth } = context.settings;
  const client = await createClient(undefined, context);
  const answer = await client.oauth.v2.access({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: oauth?.clientId ?? "",
    client_secret: oauth?.clientSecret.reveal() ?? "",
  });
  const { access_token: token, refresh_token: next, expires_in: seconds } = Renewed.parse(answer);
  return { ...installation, token, refreshToken: next, expiresAt: context.environment.clock() + seconds * 1_000 };
}
