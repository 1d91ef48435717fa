/**
 * A login provider (OpenID Connect) as the standard has it: discovery, keys, code flow with PKCE and client authentication.
 * What a test makes it do wrong, it does wrong.
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export const CLIENT_ID = "parley";
export const CLIENT_SECRET = "a secret: of/the+client";

export interface OpenIdPerson {
  readonly sub: string;
  readonly email?: string;
  /** As text of some providers. */
  readonly email_verified?: boolean | string;
  readonly name?: string;
}

interface Granted {
  readonly person: OpenIdPerson;
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

export interface OpenIdServer {
  readonly issuer: string;
  /** Who is logged in there. */
  person: OpenIdPerson;
  /** What its next tokens say instead. */
  claims: JWTPayload;
  /** What its discovery says instead. */
  metadata: {
    readonly issuer?: string;
    readonly token_endpoint_auth_methods_supported?: readonly string[] | undefined;
  };
  /** Its tokens name the subject alone, the rest is at `/userinfo`. */
  isThin: boolean;
  /** What `/userinfo` says instead. */
  userInfo: Readonly<Record<string, unknown>>;
  /** How often `/userinfo` was asked. */
  readonly asked: () => number;
  /** Signs with a key that it does not publish. */
  isForging: boolean;
  isDown: boolean;
  readonly close: () => Promise<void>;
}

/** Starts one on this machine. */
export async function openIdServer(): Promise<OpenIdServer> {
  const [own, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  const granted = new Map<string, Granted>();
  const accessTokens = new Map<string, OpenIdPerson>();
  let calls = 0;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It does not listen");
  const issuer = `http://127.0.0.1:${address.port}`;
  const provider: OpenIdServer = {
    issuer,
    person: { sub: "sub-1" },
    claims: {},
    metadata: {},
    isThin: false,
    userInfo: {},
    asked: () => calls,
    isForging: false,
    isDown: false,
    close: async () => await new Promise((resolve) => server.close(() => resolve())),
  };

  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", issuer);
    if (provider.isDown) return json(response, 503, { error: "down" });
    // Under any path: one server has several issuers.
    if (url.pathname.endsWith("/.well-known/openid-configuration")) return json(response, 200, metadata());
    if (url.pathname === "/jwks")
      return json(response, 200, {
        keys: [{ ...(await exportJWK(own.publicKey)), kid: "own", alg: "RS256", use: "sig" }],
      });
    if (url.pathname === "/authorize") return authorize(url.searchParams, response);
    if (url.pathname === "/token") return await token(await textOf(request), request.headers.authorization, response);
    if (url.pathname === "/userinfo") return userInfo(request.headers.authorization, response);
    json(response, 404, { error: "not_found" });
  }

  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic"],
    code_challenge_methods_supported: ["S256"],
    ...provider.metadata,
  });

  function isClient(sent: URLSearchParams, authorization: string): boolean {
    const methods = metadata().token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    return methods.includes("client_secret_basic") ? isInHeader(authorization) : isInForm(sent);
  }

  function userInfo(authorization = "", response: ServerResponse): void {
    calls++;
    const person = accessTokens.get(authorization.replace(/^Bearer /u, ""));
    if (person !== undefined) return json(response, 200, { ...person, ...provider.userInfo });
    response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const of = (name: string): string => asked.get(name) ?? "";
    const isWhole =
      of("client_id") === CLIENT_ID &&
      of("response_type") === "code" &&
      of("code_challenge_method") === "S256" &&
      of("scope").split(" ").includes("openid") &&
      [of("state"), of("nonce"), of("code_challenge")].every((one) => one.length >= 32);
    if (!isWhole) return json(response, 400, { error: "invalid_request" });
    const code = randomUUID();
    const redirectUri = of("redirect_uri");
    granted.set(code, {
      person: provider.person,
      nonce: of("nonce"),
      challenge: of("code_challenge"),
      redirectUri,
    });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", of("state"));
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(text: string, authorization = "", response: ServerResponse): Promise<void> {
    const sent = new URLSearchParams(text);
    if (!isClient(sent, authorization)) return json(response, 401, { error: "invalid_client" });
    const code = sent.get("code") ?? "";
    const grant = granted.get(code);
    // Of one use, whoever comes first.
    granted.delete(code);
    const verifier = createHash("sha256")
      .update(sent.get("code_verifier") ?? "")
      .digest("base64url");
    if (
      sent.get("grant_type") !== "authorization_code" ||
      grant?.challenge !== verifier ||
      sent.get("redirect_uri") !== grant.redirectUri
    )
      return json(response, 400, { error: "invalid_grant" });
    const now = Math.floor(Date.now() / 1_000);
    const who = provider.isThin ? { sub: grant.person.sub } : grant.person;
    const claims = { iss: issuer, aud: CLIENT_ID, iat: now, exp: now + 300, nonce: grant.nonce, ...who };
    const signed = await new SignJWT({ ...claims, ...provider.claims })
      .setProtectedHeader({ alg: "RS256", kid: "own" })
      .sign(provider.isForging ? other.privateKey : own.privateKey);
    const accessToken = randomUUID();
    accessTokens.set(accessToken, grant.person);
    json(response, 200, { access_token: accessToken, token_type: "Bearer", expires_in: 300, id_token: signed });
  }

  return provider;
}

/** Whether the header names the one client and its secret (HTTP Basic, each part encoded as in a form). */
function isInHeader(authorization: string): boolean {
  const sent = Buffer.from(authorization.replace(/^Basic /u, ""), "base64")
    .toString()
    .split(":");
  const [id, secret] = sent.map((part) => decodeURIComponent(part.replaceAll("+", " ")));
  return id === CLIENT_ID && secret === CLIENT_SECRET;
}

/** The same of a form. */
function isInForm(sent: URLSearchParams): boolean {
  return sent.get("client_id") === CLIENT_ID && sent.get("client_secret") === CLIENT_SECRET;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
