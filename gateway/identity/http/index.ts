/** Identity over HTTP. */
import type { HttpRoute } from "../../../core/http.ts";
import { accountPages } from "./account-pages.ts";
import { alertRoutes } from "./alert-routes.ts";
import { contactRoutes } from "./contact-routes.ts";
import { factorRoutes } from "./factor-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { linkRoutes } from "./link-routes.ts";
import { loginPage } from "./login-page.ts";
import { loginRoutes } from "./login-routes.ts";
import { openIdRoutes } from "./openid-routes.ts";
import { ownRoutes } from "./own-routes.ts";
import type { IdentityRouteParts } from "./parts.ts";
import { userRoutes } from "./user-routes.ts";

/** Every call on logins, users and keys, and the pages of links. */
export function identityRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  const calls = [
    loginRoutes,
    linkRoutes,
    openIdRoutes,
    ownRoutes,
    factorRoutes,
    contactRoutes,
    userRoutes,
    keyRoutes,
    alertRoutes,
  ].flatMap((routes) => routes(parts));
  return [...calls, ...accountPages(), ...loginPage(parts)];
}
