/** Whoever changes a second factor proves once more who it is. */
import { z } from "zod";
import type { HttpRequest } from "../../../core/http.ts";
import { type IdentityRouteParts, loggedIn } from "./parts.ts";
import { Password } from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

export const Again = z.strictObject({
  password: Password.optional().describe("Left out only by users who log in at another provider and have none."),
});

/** Who changes it. Throws `identity/login-refused` where the password is not the user's. */
export async function askedAgain({ identity }: IdentityRouteParts, request: HttpRequest): Promise<string> {
  requireSafeTransport(request);
  const { userId } = loggedIn(request.caller);
  await identity.logins.askAgain(userId, Again.loose().parse(request.body).password);
  return userId;
}
