/** Logged in with OAuth 2.1: what a server gave the bot is kept, renewed, and asked for anew where a person is at hand. */
import type * as Sdk from "@modelcontextprotocol/client";
import type { OAuthClientProvider } from "@modelcontextprotocol/client";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { Files, KeptFiles } from "../../core/files/files.ts";
import { sha256 } from "../canonical-json.ts";
import type { Fetch } from "./guarded-fetch.ts";

/** The tokens of logins: they are secrets, as the sessions of accounts are. */
export const loginFiles: KeptFiles = {
  name: "mcp logins",
  prefix: "mcp.login.",
  keys: /^mcp\.login\.[0-9a-f]{32}$/u,
  isSecret: true,
};

/** Where a login comes back to, on the machine of whoever runs `parley mcp login`. */
export const LOGIN_PORT = 33_418;

/** Opens an authorisation page and gives what it came back with. */
export type Visit = (address: URL) => Promise<URLSearchParams>;

export interface LoginOptions {
  readonly server: string;
  /** Whose login it is: bot and target. */
  readonly owner: string;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly scope?: string | undefined;
  readonly files: Files;
  /** Left out where nobody can log in now: what would need it throws `mcp/login-needed`. */
  readonly visit?: Visit | undefined;
  readonly redirectUrl?: string;
}

const Tokens = z.looseObject({
  access_token: z.string(),
  token_type: z.string(),
  refresh_token: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  expires_in: z.number().exactOptional(),
  issuer: z.string().exactOptional(),
});
const RegisteredClient = z.looseObject({
  client_id: z.string(),
  client_secret: z.string().exactOptional(),
  issuer: z.string().exactOptional(),
});
const Kept = z.object({ client: RegisteredClient.optional(), tokens: Tokens.optional() });
type Kept = z.infer<typeof Kept>;

/** Sends the login's token, renews it when it is refused, and tries once more. */
export async function loggedInFetch(sdk: typeof Sdk, url: string, next: Fetch, options: LoginOptions): Promise<Fetch> {
  const login = await openLogin(options);
  return async (address, init) => {
    const send = async (): Promise<Response> => {
      const headers = new Headers(init?.headers);
      const tokens = await login.provider.tokens();
      // Only the server itself gets it: not the authorisation server, nor whatever else it names.
      if (tokens && new URL(address).origin === new URL(url).origin)
        headers.set("authorization", `Bearer ${tokens.access_token}`);
      return await next(address, { ...init, headers });
    };
    const answer = await send();
    if (answer.status !== 401 && answer.status !== 403) return answer;
    await answer.body?.cancel();
    await renew(sdk, { url, answer, next }, login);
    const again = await send();
    if (again.status !== 401 && again.status !== 403) return again;
    throw new ParleyError("mcp/login-refused", `The MCP server "${options.server}" refuses the login of this bot.`, {
      status: 502,
    });
  };
}

type Login = Awaited<ReturnType<typeof openLogin>>;

async function renew(
  sdk: typeof Sdk,
  { url, answer, next }: { readonly url: string; readonly answer: Response; readonly next: Fetch },
  { provider, cameBackWith, forgetDiscovery }: Login,
): Promise<void> {
  const { resourceMetadataUrl, scope: challenged } = sdk.extractWWWAuthenticateParams(answer);
  const before = await provider.tokens();
  // A token that does not suffice is asked for with what it had and what was missing.
  const scope = answer.status === 403 ? sdk.computeScopeUnion(before?.scope, challenged) : challenged;
  if (answer.status === 401) forgetDiscovery();
  const common = {
    serverUrl: url,
    fetchFn: next,
    ...(resourceMetadataUrl && { resourceMetadataUrl }),
    ...(scope !== undefined && { scope }),
  };
  const forceReauthorization = sdk.isStrictScopeSuperset(scope, before?.scope);
  if ((await sdk.auth(provider, { ...common, forceReauthorization })) === "AUTHORIZED") return;
  const { authorizationCode, iss } = cameBackWith();
  await sdk.auth(provider, { ...common, authorizationCode, ...(iss !== undefined && { iss }) });
}

async function openLogin(options: LoginOptions) {
  const { visit, server } = options;
  const store = await openStore(options);
  let verifier = "";
  let cameBack = new URLSearchParams();
  let discovery: Sdk.OAuthDiscoveryState | undefined;
  const forgetDiscovery = (): void => {
    discovery = undefined;
  };
  const provider: OAuthClientProvider = {
    ...identityOf(options),
    state: () => crypto.randomUUID(),
    clientInformation: () => registeredIn(options) ?? store.kept().client,
    saveClientInformation: async (client) => await store.keep({ client: RegisteredClient.parse(client) }),
    tokens: () => store.kept().tokens,
    saveTokens: async (tokens) => await store.keep({ tokens: Tokens.parse(tokens) }),
    redirectToAuthorization: async (address) => {
      if (visit === undefined) throw loginNeeded(server);
      cameBack = await visit(address);
    },
    saveCodeVerifier: (value) => {
      verifier = value;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (state) => {
      discovery = state;
    },
    discoveryState: () => discovery,
    invalidateCredentials: async (what) => {
      if (what === "all" || what === "client") await store.keep({ client: undefined });
      if (what === "all" || what === "tokens") await store.keep({ tokens: undefined });
      if (what === "all" || what === "discovery") forgetDiscovery();
    },
  };
  const cameBackWith = () => {
    const authorizationCode = cameBack.get("code");
    if (authorizationCode === null) throw loginNeeded(server);
    const iss = cameBack.get("iss") ?? undefined;
    return { authorizationCode, ...(iss !== undefined && { iss }) };
  };
  return { provider, forgetDiscovery, cameBackWith };
}

/** How the bot presents itself. An address as the client's id is that of a document about the client. */
function identityOf({ clientId, scope, redirectUrl = `http://127.0.0.1:${LOGIN_PORT}/callback` }: LoginOptions) {
  return {
    redirectUrl,
    clientMetadata: { client_name: "Parley", redirect_uris: [redirectUrl], ...(scope !== undefined && { scope }) },
    ...(clientId !== undefined && isDocument(clientId) && { clientMetadataUrl: clientId }),
  };
}

function registeredIn({ clientId, clientSecret }: LoginOptions) {
  if (clientId === undefined || isDocument(clientId)) return undefined;
  return { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
}

function isDocument(clientId: string): boolean {
  return clientId.startsWith("https://");
}

async function openStore({ files, owner }: LoginOptions) {
  const key = `${loginFiles.prefix}${sha256(owner).slice(0, 32)}`;
  let kept = await readKept(files, key);
  return {
    kept: () => kept,
    keep: async (change: Kept): Promise<void> => {
      kept = { ...kept, ...change };
      await files.put(key, Buffer.from(JSON.stringify(kept)));
    },
  };
}

async function readKept(files: Files, key: string): Promise<Kept> {
  const bytes = await files.get(key);
  if (bytes === undefined) return {};
  const parsed = Kept.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  return parsed.success ? parsed.data : {};
}

function loginNeeded(server: string): ParleyError {
  return new ParleyError(
    "mcp/login-needed",
    `The MCP server "${server}" wants a login. Run: parley mcp login ${server}`,
    { status: 502 },
  );
}
