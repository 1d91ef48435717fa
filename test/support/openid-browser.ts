/** A browser that logs in at a provider: from this server to it, and back with its answer. */
import type { Answered, IdentityServer } from "./identity-server.ts";

export const RUTH = { sub: "sub-ruth", email: "Ruth@Example.org", email_verified: true, name: "Ruth" };

export interface OpenIdBrowser {
  readonly begin: (query?: string, cookies?: ReadonlyMap<string, string>) => Promise<Answered>;
  readonly atProvider: (begun: Answered) => Promise<URL>;
  readonly back: (to: URL, cookies: ReadonlyMap<string, string>) => Promise<Answered>;
  /** All of it. */
  readonly logIn: (query?: string) => Promise<Answered>;
}

/** Of the server that runs when it is used. */
export function openIdBrowser(server: () => Pick<IdentityServer, "call">): OpenIdBrowser {
  const begin: OpenIdBrowser["begin"] = async (query = "", cookies = new Map()) =>
    await server().call(`/api/v1/auth/openid${query}`, { cookies });
  const atProvider: OpenIdBrowser["atProvider"] = async ({ headers }) => {
    const answer = await fetch(String(headers["location"]), { redirect: "manual" });
    return new URL(answer.headers.get("location") ?? "");
  };
  const back: OpenIdBrowser["back"] = async (to, cookies) =>
    await server().call(`${to.pathname}${to.search}`, { cookies });
  const logIn: OpenIdBrowser["logIn"] = async (query) => {
    const begun = await begin(query);
    return await back(await atProvider(begun), begun.cookies);
  };
  return { begin, atProvider, back, logIn };
}
