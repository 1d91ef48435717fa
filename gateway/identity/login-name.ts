/** Names to log in with: e-mail addresses or names, in one spelling. */
import { InvalidInputError } from "../../core/errors.ts";

const LONGEST = 254;

/** The one spelling of a login; undefined for what can be none. */
export function readLogin(given: string): string | undefined {
  const login = given.normalize("NFKC").toLowerCase().normalize("NFKC").trim();
  return login.length > 0 && login.length <= LONGEST && /^[\p{L}\p{N}._@+-]+$/u.test(login) ? login : undefined;
}

/** The same for a new user. Throws `identity/login`. */
export function checkedLogin(given: string): string {
  const login = readLogin(given);
  if (login !== undefined) return login;
  throw new InvalidInputError(
    "identity/login",
    `A login has 1 to ${LONGEST} letters, figures and the signs . _ @ + -, without spaces. An e-mail address is one.`,
    [{ path: "login", message: "is no login" }],
  );
}
