import fc from "fast-check";
import { expect, it } from "vitest";
import { checkPassword, passwordFault } from "./password-policy.ts";

const about = ["ruth.meyer@example.org", "ruth", "meyer", "example", "org", "Ruth", "Meyer"];

it.each([
  ["short", /fewer than 12/u],
  ["elevenchars", /fewer than 12/u],
  ["aaaaaaaaaaaaaaa", /repeats/u],
  ["abcdeabcdeabcde", /repeats/u],
  ["123456789012", /row/u],
  ["qwertyuiopasdf", /row/u],
  ["zyxwvutsrqponm", /row/u],
  ["password123456", /common/u],
  ["P@ssw0rd!!!2026", /common/u],
  ["2026!Passwort!!!", /common/u],
  ["ruthmeyer-2026", /login or the name/u],
  ["x\u0000yzabcdefghij", /control/u],
])("%s is not taken", (password, why) => expect(passwordFault(password, about)).toMatch(why));

it.each([
  "copper lantern drifts north",
  "correct umbrella 7 pigeons",
  "Fensterbank überholt Zitrone",
  "мой кот ест огурцы ночью",
  "v9#kQz!mW2p&",
])("%s is taken", (password) => expect(passwordFault(password, about)).toBeUndefined());

it("says what is wrong and not what was typed", async () => {
  await expect(checkPassword("password123456", about)).rejects.toMatchObject({
    code: "identity/weak-password",
    status: 400,
    issues: [{ path: "password" }],
    message: expect.not.stringContaining("password123456"),
  });
});

it("asks whoever knows of leaks last", async () => {
  const asked: string[] = [];
  const isLeaked = async (password: string): Promise<boolean> => {
    asked.push(password);
    return true;
  };
  await expect(checkPassword("copper lantern drifts", [], isLeaked)).rejects.toThrow(/leaked/u);
  await expect(checkPassword("short", [], isLeaked)).rejects.toThrow(/fewer/u);
  expect(asked).toEqual(["copper lantern drifts"]);
});

it("takes any text in bounded time, and never one that is short", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (password) => {
      const fault = passwordFault(password, about);
      if (Array.from(password.normalize("NFKC")).length < 12) expect(fault).toBeDefined();
    }),
  );
  expect(passwordFault("ab".repeat(200_000), about)).toBeDefined();
});
