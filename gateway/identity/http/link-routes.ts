/** What a one-use link opens: becoming the first owner, and setting a password. */
import { z } from "zod";
import type { HttpRoute } from "../../../core/http.ts";
import { beforeLogin } from "./login-routes.ts";
import type { IdentityRouteParts } from "./parts.ts";
import { Login, Name, Password, ShownUser, showUser } from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

const Secret = z.string().min(1).max(200).describe("What stands in the link behind the #.");
const FirstOwner = z.strictObject({ secret: Secret, login: Login, name: Name.default(""), password: Password });
const NewPassword = z.strictObject({ secret: Secret, password: Password });

const USER = { id: "01K2V8Q6Z9", login: "jana@example.org", name: "Jana", createdAt: "2026-09-01T10:00:00.000Z" };

/** Both work without being logged in: whoever has the link is believed. */
export function linkRoutes({ identity: { accounts }, linkUsed }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...beforeLogin,
      method: "POST",
      path: "/api/v1/auth/first-owner",
      summary: "Become the first owner, by the link that the server gave",
      body: FirstOwner,
      responses: { 201: ShownUser },
      examples: [
        {
          summary: "Jana",
          body: { secret: "x3A…", login: "jana@example.org", name: "Jana", password: "copper lantern drifts north" },
          status: 201,
          answer: USER,
        },
      ],
      handle: async (request) => {
        requireSafeTransport(request);
        const { secret, ...owner } = FirstOwner.parse(request.body);
        const account = await accounts.claimFirstOwner(secret, owner);
        await linkUsed?.();
        return Response.json(showUser(account), { status: 201 });
      },
    },
    {
      ...beforeLogin,
      method: "POST",
      path: "/api/v1/auth/password",
      summary: "Set a password by a link; ends all sessions of its user",
      body: NewPassword,
      responses: { 200: ShownUser },
      examples: [
        {
          summary: "The first one of a new user",
          body: { secret: "x3A…", password: "copper lantern drifts north" },
          status: 200,
          answer: USER,
        },
      ],
      handle: async (request) => {
        requireSafeTransport(request);
        const { secret, password } = NewPassword.parse(request.body);
        const account = await accounts.setPasswordByLink(secret, password);
        await linkUsed?.();
        return Response.json(showUser(account));
      },
    },
  ];
}
