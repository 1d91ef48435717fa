/** The Web API of each workspace that the app is installed in, its errors, and the installations themselves. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { AdapterContext } from "../../adapter.ts";
import { createClient } from "./client.ts";
import { type Installation, type Installations, createInstallations } from "./installations.ts";
import { type Installing, createInstalling } from "./installing.ts";
import { freshInstallation } from "./rotation.ts";
import { SlackTokenError } from "./token-error.ts";
import type { SlackSettings } from "./settings.ts";
import { isTokenRefused, platformError, toSendError } from "./transport/send-errors.ts";

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

export interface Workspaces extends Installing {
  /** Throws `SlackTokenError` where the app is not installed. */
  readonly of: (team?: string) => Promise<Workspace>;
  /** All that the app is installed in. */
  readonly all: () => Promise<readonly Workspace[]>;
  /** Reason of the last refused token; undefined once a call succeeded. */
  readonly refusedToken: () => string | undefined;
  /** The app's bots, of all its installations. */
  readonly botUsers: () => Promise<readonly string[]>;
  readonly isInstalled: (team: string) => Promise<boolean>;
  /** The workspace belongs to this organisation, which the app is installed in as a whole. */
  readonly noteOrganisation: (team: string, organisation: string) => Promise<void>;
  /** The id of a workspace, or of an organisation. */
  readonly remove: (team: string) => Promise<void>;
}

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "values" | "log" | "environment">;

const Identity = z.object({ team_id: z.string(), user_id: z.string() });
interface Identified {
  readonly team: string;
  readonly botUser: string;
}

interface Times {
  /** When the token must be looked at again. */
  renewAt?: number;
}

interface Opened {
  readonly workspace: Promise<Workspace>;
  readonly times: Times;
}

/** How long the app's bots of all installations are remembered: another process may add one. */
const BOTS_MS = 60_000;

interface State {
  /** Reason of the last refused token. */
  refused?: string | undefined;
  bots?: { readonly ids: readonly string[]; readonly until: number };
}

export function createWorkspaces(context: Context): Workspaces {
  const { settings } = context;
  const state: State = {};
  const installations = createInstallations(context);
  const { of, forget } = createOpener(context, installations, state);
  const isSeveral = settings.oauth !== undefined;
  return {
    of,
    all: async () => (isSeveral ? await openAll(installations, of) : [await of()]),
    botUsers: async () => (isSeveral ? await botUsers(context, installations, state) : [(await of()).botUser]),
    isInstalled: async (team) => !isSeveral || (await findInstallation(installations, team)) !== undefined,
    noteOrganisation: async (team, organisation) => {
      if (isSeveral && (await installations.organisationOf(team)) !== organisation)
        await installations.noteOrganisation(team, organisation);
    },
    refusedToken: () => state.refused,
    remove: async (team) => {
      forget();
      if (isSeveral) await installations.remove(team);
    },
    ...createInstalling(context, async (installation) => {
      await installations.put(installation);
      forget();
    }),
  };
}

/** Opens each workspace once, and again when its token must be renewed. */
function createOpener(
  context: Context,
  installations: Installations,
  state: State,
): Pick<Workspaces, "of"> & { readonly forget: () => void } {
  const { settings, environment } = context;
  const known = new Map<string, Opened>();
  const isSeveral = settings.oauth !== undefined;
  const open = async (token: string, identity: Identified | undefined): Promise<Workspace> =>
    await openWorkspace(await createClient(token, context), {
      token,
      identity,
      onOutcome: (reason) => (state.refused = reason),
    });
  const own = async (): Promise<Workspace> => {
    try {
      return await open(settings.botToken?.reveal() ?? "", undefined);
    } catch (thrown) {
      throw isTokenRefused(thrown) ? new SlackTokenError(platformError(thrown) ?? "", "bot token") : thrown;
    }
  };
  const installed = async (team: string, times: Times): Promise<Workspace> => {
    const installation = await findInstallation(installations, team);
    if (installation === undefined) throw new SlackTokenError("not installed there", `app in workspace ${team}`);
    const fresh = await freshInstallation(context, installations, installation);
    if (fresh.renewAt !== undefined) times.renewAt = fresh.renewAt;
    const { token, botUser } = fresh.installation;
    return await open(token, { team, botUser });
  };
  return {
    of: async (team = "") => {
      const key = isSeveral ? team : "";
      const before = known.get(key);
      if (before !== undefined && (before.times.renewAt ?? Number.POSITIVE_INFINITY) > environment.clock())
        return await before.workspace;
      const times: Times = {};
      const opened: Opened = { times, workspace: isSeveral ? installed(team, times) : own() };
      known.set(key, opened);
      // What failed is tried again at the next call.
      opened.workspace.catch(() => known.delete(key));
      return await opened.workspace;
    },
    forget: () => {
      known.clear();
      delete state.bots;
    },
  };
}

async function findInstallation(installations: Installations, team: string): Promise<Installation | undefined> {
  const own = await installations.get(team);
  if (own !== undefined) return own;
  const organisation = await installations.organisationOf(team);
  return organisation === undefined ? undefined : await installations.get(organisation);
}

async function botUsers(
  { environment }: Context,
  installations: Installations,
  state: State,
): Promise<readonly string[]> {
  if (state.bots === undefined || state.bots.until < environment.clock()) {
    const ids = new Set((await installations.all()).map(({ botUser }) => botUser));
    state.bots = { ids: [...ids], until: environment.clock() + BOTS_MS };
  }
  return state.bots.ids;
}

/** One that cannot be opened keeps none of the others away; who writes from there is told by its own failure. */
async function openAll(installations: Installations, of: Workspaces["of"]): Promise<readonly Workspace[]> {
  const all = await installations.all();
  const found = await Promise.allSettled(all.map(async (one) => await teamsOf(one, installations, of)));
  const teams = new Set(found.flatMap((one) => (one.status === "fulfilled" ? one.value : [])));
  const opened = await Promise.allSettled([...teams].map(async (team) => await of(team)));
  return opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

const Teams = z.object({ teams: z.array(z.object({ id: z.string() })) });

/** An organisation's installation is one for each of its workspaces that was approved. */
async function teamsOf(
  { team }: Installation,
  installations: Installations,
  of: Workspaces["of"],
): Promise<readonly string[]> {
  if (!team.startsWith("E")) return [team];
  const organisation = await of(team);
  const { teams } = Teams.parse(await organisation.call("auth.teams.list", { limit: 1_000 }));
  for (const { id } of teams) await installations.noteOrganisation(id, team);
  return teams.map(({ id }) => id);
}

async function openWorkspace(
  client: WebClient,
  options: {
    readonly token: string;
    readonly identity: Identified | undefined;
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

async function identify(call: Workspace["call"]): Promise<Identified> {
  const { team_id: team, user_id: botUser } = Identity.parse(await call("auth.test"));
  return { team, botUser };
}
