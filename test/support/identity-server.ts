/** A gateway with the accounts of a test behind it, and somebody who calls it over HTTP. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { z } from "zod";
import type { HttpRoute } from "../../core/http.ts";
import type { Denial } from "../../gateway/access/principal.ts";
import { identityRoutes } from "../../gateway/identity/index.ts";
import type { OpenIdProvider } from "../../gateway/identity/open-id-provider.ts";
import { createGateway, type GatewayOptions } from "../../gateway/index.ts";
import { testIdentity } from "./test-identity.ts";
import type { TestPlace } from "./test-place.ts";
import { quietGateway } from "./web-chat.ts";

export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly bearer?: string | undefined;
  readonly cookies?: ReadonlyMap<string, string>;
  readonly headers?: Readonly<Record<string, string>>;
  /** How the server is reached: whose certificate is believed, for which name, and from which address. */
  readonly connection?: Pick<RequestOptions, "ca" | "servername" | "localAddress">;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Those that it set; an empty text where it took one away. */
  readonly cookies: ReadonlyMap<string, string>;
}

export interface IdentityServer extends Awaited<ReturnType<typeof testIdentity>> {
  readonly url: string;
  readonly denials: readonly Denial[];
  readonly call: (path: string, sent?: Sent) => Promise<Answered>;
}

/** A call of a bot's own, to see who may. */
const guarded: HttpRoute = {
  method: "GET",
  path: "/api/v1/of-harbour",
  summary: "What needs a role with one bot",
  permission: "conversations:write",
  bot: "harbour",
  handle: async ({ caller }) => Response.json({ userId: caller.userId }),
};

/** Starts it. Close it in the end. */
export async function identityServer(
  place: TestPlace,
  folder: string,
  options: { readonly gateway?: Partial<GatewayOptions>; readonly provider?: OpenIdProvider } = {},
): Promise<IdentityServer> {
  const parts = await testIdentity(place, folder, options.provider);
  const { identity, clock } = parts;
  const denials: Denial[] = [];
  const routes = identityRoutes({
    identity,
    clock: () => clock.now,
    bots: () => ["harbour", "other"],
    origin: undefined,
  });
  const gateway = await createGateway({
    ...quietGateway,
    identities: identity.identities,
    denied: (denial) => denials.push(denial),
    ...options.gateway,
    routes: [...routes, guarded, ...(options.gateway?.routes ?? [])],
  });
  const close = async (): Promise<void> => {
    await gateway.close({ drainMs: 0 });
    await parts.close();
  };
  return {
    ...parts,
    url: gateway.url,
    denials,
    close,
    call: async (path, sent) => await send(gateway.url, path, sent),
  };
}

/** Node's own client: it sends any header, as a program of an attacker does. */
export async function send(url: string, path: string, sent: Sent = {}): Promise<Answered> {
  const { body, bearer, cookies, method = body === undefined ? "GET" : "POST" } = sent;
  const cookie = [...(cookies ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(cookie === "" ? {} : { cookie }),
    ...sent.headers,
  };
  return await new Promise((resolve, reject) => {
    const begin = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = begin(`${url}${path}`, { method, headers, ...sent.connection }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          status: response.statusCode ?? 0,
          body: readBody(text, response.headers["content-type"]),
          headers: response.headers,
          cookies: new Map((response.headers["set-cookie"] ?? []).map(cookieOf)),
        });
      });
    });
    request.on("error", reject);
    request.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
}

/** JSON as its value, pages and files as their text. */
function readBody(text: string, type = ""): unknown {
  if (text === "") return undefined;
  return type.includes("json") ? JSON.parse(text) : text;
}

function cookieOf(header: string): readonly [string, string] {
  const [pair = ""] = header.split(";");
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** What a login with tokens answers. */
export const Tokens = z.object({
  userId: z.string(),
  sessionId: z.string(),
  accessToken: z.string(),
  refreshToken: z.string(),
});
