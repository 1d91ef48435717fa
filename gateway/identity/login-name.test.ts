import fc from "fast-check";
import { expect, it } from "vitest";
import { checkedLogin, readLogin } from "./login-name.ts";

it.each([
  [" Ruth@Example.ORG ", "ruth@example.org"],
  ["ＲＵＴＨ", "ruth"],
  ["jürgen.müller+bank", "jürgen.müller+bank"],
])("%s is the login %s", (given, login) => expect(readLogin(given)).toBe(login));

it.each(["", " ", "a b", "a\u0000b", "a\u202Eb", "a/b", "<b>", "'", "a".repeat(255)])("%j is none", (given) => {
  expect(readLogin(given)).toBeUndefined();
  expect(() => checkedLogin(given)).toThrow(expect.objectContaining({ code: "identity/login", status: 400 }));
});

it("has one spelling", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (given) => {
      const login = readLogin(given);
      if (login !== undefined) expect(readLogin(login)).toBe(login);
    }),
  );
});
