/** Where the own one-time codes go. Each change asks for the password again. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { HttpRoute } from "../../../core/http.ts";
import { type Codes, Contact } from "../codes.ts";
import { Again, askedAgain } from "./asked-again.ts";
import { own } from "./own-routes.ts";
import { type IdentityRouteParts, loggedIn, LOGINS_PER_MINUTE } from "./parts.ts";
import { requireSafeTransport } from "./transport.ts";

const NewContact = Again.extend({ contact: Contact });
const Confirmed = z.strictObject({ handle: z.string().min(1).max(200), code: z.string().min(6).max(20) });

const shared = { ...own, holdsSecrets: true, perMinute: LOGINS_PER_MINUTE, method: "POST" } as const;
const AGAIN = { password: "copper lantern drifts north" };

/** `/api/v1/me/contact`. */
export function contactRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...shared,
      path: "/api/v1/me/contact",
      summary: "Send a code to a mail address or a telephone, which shall get one at each login",
      body: NewContact,
      responses: { 200: z.object({ handle: z.string().describe("For the next step, with the code.") }) },
      examples: [
        {
          summary: "By mail",
          body: { ...AGAIN, contact: { kind: "mail", address: "jana@example.org" } },
          status: 200,
          answer: { handle: "q7V…" },
        },
        {
          summary: "By SMS",
          body: { ...AGAIN, contact: { kind: "sms", address: "+41790000000" } },
          status: 200,
          answer: { handle: "q7V…" },
        },
      ],
      handle: async (request) => {
        const codes = codesOf(parts);
        const userId = await askedAgain(parts, request);
        return Response.json({ handle: await codes.enrol(userId, NewContact.parse(request.body).contact) });
      },
    },
    {
      ...shared,
      path: "/api/v1/me/contact/confirm",
      summary: "The code that came: from now on one is asked for, where the user has nothing stronger",
      body: Confirmed,
      examples: [{ summary: "Confirm", body: { handle: "q7V…", code: "492039" }, status: 204 }],
      handle: async (request) => {
        requireSafeTransport(request);
        const { handle, code } = Confirmed.parse(request.body);
        await codesOf(parts).confirm(loggedIn(request.caller).userId, handle, code);
        return new Response(null, { status: 204 });
      },
    },
    {
      ...shared,
      path: "/api/v1/me/contact/remove",
      summary: "Do without codes that are sent",
      body: Again,
      examples: [{ summary: "Remove it", body: AGAIN, status: 204 }],
      handle: async (request) => {
        await codesOf(parts).removeContact(await askedAgain(parts, request));
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function codesOf({ identity: { codes } }: IdentityRouteParts): Codes {
  if (codes !== undefined) return codes;
  throw new ParleyError("identity/no-sender", "This server sends no codes: gateway.codes names what does.", {
    status: 404,
  });
}
