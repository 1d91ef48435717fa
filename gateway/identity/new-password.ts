import { type IsLeaked, checkPassword } from "./password-policy.ts";
import { hashPassword } from "./passwords.ts";
import type { User } from "./store/users.ts";

/** The hash of a password that a user chose. Throws `identity/weak-password`. */
export async function hashNewPassword(
  password: string,
  { login, name }: Pick<User, "login" | "name">,
  isLeaked?: IsLeaked,
): Promise<string> {
  await checkPassword(password, [login, ...login.split(/[@._-]/u), ...name.split(/\s+/u)], isLeaked);
  return await hashPassword(password);
}
