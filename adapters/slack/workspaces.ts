/** The Web API of each workspace that the app is installed in, its errors, and the installations themselves. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import type { Logger as LibraryLogger, LogLevel, WebClient } from "@slack/web-api";
import { z } from "zod";
import type { AdapterContext } from "../../core/adapter.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import { SCOPES } from "./manifest.ts";
import type { SlackSettings } from "./settings.ts";
import { isTokenRefused, platformError, toSendError } from "./transport/call-errors.ts";

/** One workspace as the bot calls it. Calls throw the errors of `send-errors.ts`. */
export interface Workspace {
  readonly team: string;
  readonly botUser: string;
  readonly token: string;
  readonly call: (method: string, options?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Shows a file in a channel or thread; gives the file's id. */
  readonly upload: (file: {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly channel: string;
    readonly thread?: string;
  }) => Promise<string>;
}

/** The app is not (or no longer) installed in the workspace, or Slack refuses its token. */
export class SlackTokenError extends ParleyError {
  override readonly name = "SlackTokenError";

  constructor(reason: string, which: string) {
    super(
      "slack/token-refused",
      `Slack refused the ${which} (${reason}). Reinstall the app in the workspace (OAuth & Permissions) and give its new token.`,
    );
  }
}

/** An account of several workspaces needs a store for its installations. */
export class InstallationsUnavailableError extends ParleyError {
  override readonly name = "InstallationsUnavailableError";

  constructor() {
    super("slack/installations-unavailable", "Slack: `oauth` needs a store that keeps values; this process has none.");
  }
}

export interface Workspaces {
  /** Throws `SlackTokenError` where the app is not installed. */
  readonly of: (team: string | undefined) => Promise<Workspace>;
  /** All that the app is installed in. */
  readonly all: () => Promise<readonly Workspace[]>;
  /** Reason of the last refused token; undefined once a call succeeded. */
  readonly refusedToken: () => string | undefined;
  readonly remove: (team: string) => Promise<void>;
  /** Address that asks a person to install the app, and the secret that must come back with the answer. */
  readonly installUrl: () => { readonly url: string; readonly state: string };
  /** Keeps the installation that `code` stands for. Gives the workspace's name. */
  readonly install: (code: string) => Promise<string>;
  readonly isOwnState: (state: string) => boolean;
}

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "values" | "log" | "environment">;

const Identity = z.object({ team_id: z.string(), user_id: z.string() });
const Installation = z.object({ team: z.string(), name: z.string(), token: z.string(), botUser: z.string() });
type Installation = z.infer<typeof Installation>;
const Access = z.object({
  access_token: z.string(),
  bot_user_id: z.string(),
  team: z.object({ id: z.string(), name: z.string() }),
});

const CALL_TIMEOUT_MS = 15_000;
const STATE_MS = 10 * 60_000;

/** A Web API client that never tries again by itself: a second POST could be a second message. */
export async function createClient(
  token: string | undefined,
  { settings, log }: Pick<Context, "settings" | "log">,
): Promise<WebClient> {
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

export function createWorkspaces(context: Context): Workspaces {
  const { settings } = context;
  const known = new Map<string, Promise<Workspace>>();
  const state: { refused?: string | undefined } = {};
  const installations = createInstallations(context);

  const open = async (
    token: string,
    identity?: { readonly team: string; readonly botUser: string },
  ): Promise<Workspace> =>
    await openWorkspace(await createClient(token, context), {
      token,
      identity,
      onOutcome: (reason) => (state.refused = reason),
    });
  const own = async (): Promise<Workspace> => {
    try {
      return await open(settings.botToken?.reveal() ?? "");
    } catch (thrown) {
      throw isTokenRefused(thrown) ? new SlackTokenError(platformError(thrown) ?? "", "bot token") : thrown;
    }
  };
  const installed = async (team: string): Promise<Workspace> => {
    const installation = await installations.get(team);
    if (installation === undefined) throw new SlackTokenError("not installed there", `app in workspace ${team}`);
    return await open(installation.token, installation);
  };
  const of = async (team = ""): Promise<Workspace> => {
    const key = settings.oauth === undefined ? "" : team;
    const opening = known.get(key) ?? (settings.oauth === undefined ? own() : installed(team));
    known.set(key, opening);
    // What failed is tried again at the next call.
    opening.catch(() => known.delete(key));
    return await opening;
  };
  return {
    of,
    all: async () => {
      if (settings.oauth === undefined) return [await of()];
      const opened = await Promise.allSettled((await installations.teams()).map(async (team) => await of(team)));
      // One that cannot be opened keeps none of the others away; who writes from there is told by its own failure.
      return opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    },
    refusedToken: () => state.refused,
    remove: async (team) => {
      known.delete(team);
      if (settings.oauth !== undefined) await installations.remove(team);
    },
    ...createInstalling(context, installations.put),
  };
}

async function openWorkspace(
  client: WebClient,
  options: {
    readonly token: string;
    readonly identity: { readonly team: string; readonly botUser: string } | undefined;
    readonly onOutcome: (refused: string | undefined) => void;
  },
): Promise<Workspace> {
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await work();
      options.onOutcome(undefined);
      return result;
    } catch (thrown) {
      if (isTokenRefused(thrown)) options.onOutcome(platformError(thrown));
      throw toSendError(thrown);
    }
  };
  const call = async (method: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
    await attempt(async () => await client.apiCall(method, { ...args }));
  const identity = options.identity ?? (await identify(call));
  return {
    ...identity,
    token: options.token,
    call,
    upload: async ({ name, bytes, channel, thread }) => {
      const upload = { file: Buffer.from(bytes), filename: name };
      const place = { channel_id: channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
      const done = await attempt(async () => await client.filesUploadV2({ ...place, file_uploads: [upload] }));
      const Done = z.object({ files: z.array(z.object({ files: z.array(z.object({ id: z.string() })) })) });
      return Done.parse(done).files[0]?.files[0]?.id ?? name;
    },
  };
}

async function identify(call: Workspace["call"]): Promise<{ readonly team: string; readonly botUser: string }> {
  const { team_id: team, user_id: botUser } = Identity.parse(await call("auth.test"));
  return { team, botUser };
}

interface Installations {
  readonly get: (team: string) => Promise<Installation | undefined>;
  readonly put: (installation: Installation) => Promise<void>;
  readonly remove: (team: string) => Promise<void>;
  readonly teams: () => Promise<readonly string[]>;
}

/** Tokens rest encrypted under a key made from the client secret: a copy of the store opens no workspace. */
function createInstallations({ settings, values, log }: Context): Installations {
  const key = Buffer.from(
    hkdfSync("sha256", settings.oauth?.clientSecret.reveal() ?? "", "", "parley slack installations", 32),
  );
  const store = (): NonNullable<Context["values"]> => {
    if (values === undefined) throw new InstallationsUnavailableError();
    return values;
  };
  const teams = async (): Promise<readonly string[]> =>
    z
      .array(z.string())
      .catch([])
      .parse(await store().get("installations"));
  return {
    teams,
    get: async (team) => {
      const sealed = z.string().safeParse(await store().get(`installation:${team}`));
      if (!sealed.success) return undefined;
      try {
        return Installation.parse(JSON.parse(unseal(sealed.data, key)));
      } catch (thrown) {
        // The client secret was changed: only a new installation helps, as if there were none.
        log.warn({ error: describeError(thrown), team }, "an installation cannot be read and must be made again");
        return undefined;
      }
    },
    put: async (installation) => {
      await store().set(`installation:${installation.team}`, seal(JSON.stringify(installation), key));
      await store().set("installations", [...new Set([...(await teams()), installation.team])]);
    },
    remove: async (team) => {
      await store().set(`installation:${team}`, null);
      await store().set(
        "installations",
        (await teams()).filter((one) => one !== team),
      );
    },
  };
}

function seal(text: string, key: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

function unseal(sealed: string, key: Uint8Array): string {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}

function createInstalling(
  context: Context,
  put: Installations["put"],
): Pick<Workspaces, "installUrl" | "install" | "isOwnState"> {
  const { settings, environment } = context;
  const { oauth } = settings;
  const secret = oauth?.clientSecret.reveal() ?? "";
  const sign = (text: string): string => createHmac("sha256", secret).update(text).digest("base64url");
  return {
    installUrl: () => {
      const issued = `${environment.clock()}.${randomBytes(12).toString("base64url")}`;
      const state = `${issued}.${sign(issued)}`;
      const query = new URLSearchParams({
        client_id: oauth?.clientId ?? "",
        scope: SCOPES.join(","),
        redirect_uri: oauth?.redirectUrl ?? "",
        state,
      });
      return { url: `https://slack.com/oauth/v2/authorize?${query.toString()}`, state };
    },
    isOwnState: (state) => {
      const [at = "", nonce = "", signature = ""] = state.split(".");
      const expected = Buffer.from(sign(`${at}.${nonce}`));
      const given = Buffer.from(signature);
      const age = environment.clock() - Number(at);
      return given.length === expected.length && timingSafeEqual(given, expected) && age >= 0 && age < STATE_MS;
    },
    install: async (code) => {
      const client = await createClient(undefined, context);
      const access = await client.oauth.v2.access({
        code,
        client_id: oauth?.clientId ?? "",
        client_secret: secret,
        redirect_uri: oauth?.redirectUrl ?? "",
      });
      const { access_token: token, bot_user_id: botUser, team } = Access.parse(access);
      await put({ team: team.id, name: team.name, token, botUser });
      return team.name;
    },
  };
}
