import { hash as argon2 } from "@node-rs/argon2";
import { hash as bcrypt } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { checkImportedHash, hashPassword, isOutdated, matchesPassword, matchNobody } from "./passwords.ts";

describe("hashes of passwords", () => {
  it("are argon2id, different each time, and match the password alone", async () => {
    const [one, two] = [await hashPassword("copper lantern"), await hashPassword("copper lantern")];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
    expect(two).not.toBe(one);
    expect(await matchesPassword("copper lantern", one)).toBe(true);
    expect(await matchesPassword("copper lantern ", one)).toBe(false);
    expect(await matchesPassword("", one)).toBe(false);
    expect(await matchesPassword("c".repeat(100_000), one)).toBe(false);
    expect(isOutdated(one)).toBe(false);
  });

  it("match however the keyboard composes the letters", async () => {
    const hashed = await hashPassword("Fensterbänke\u212B");
    expect(await matchesPassword("Fensterba\u0308nke\u00C5", hashed)).toBe(true);
  });

  it("are accepted from elsewhere, and are to be renewed", async () => {
    const imported = [
      await bcrypt("copper lantern", 4),
      (await bcrypt("copper lantern", 4)).replace("$2b$", "$2y$"),
      await argon2("copper lantern", { memoryCost: 8_192, timeCost: 1 }),
    ];
    for (const hashed of imported) {
      checkImportedHash(hashed);
      expect(await matchesPassword("copper lantern", hashed)).toBe(true);
      expect(await matchesPassword("copper lanterns", hashed)).toBe(false);
      expect(isOutdated(hashed)).toBe(true);
    }
  });

  it("match as they were typed elsewhere, too", async () => {
    const decomposed = "Fensterba\u0308nke";
    expect(await matchesPassword(decomposed, await bcrypt(decomposed, 4))).toBe(true);
  });

  it.each([
    "",
    "copper lantern",
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "$2b$31$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "$2b$10$tooshort",
    "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
    "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
    "$argon2id$v=19$m=19456,t=2000,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
    "$argon2id$",
  ])("are not imported: %s", (hashed) => {
    expect(() => checkImportedHash(hashed)).toThrow(expect.objectContaining({ code: "identity/hash" }));
  });

  it("are checked for nobody as for somebody, whatever the password", async () => {
    for (const password of ["", "copper lantern", "c".repeat(100_000)])
      await expect(matchNobody(password)).resolves.toBeUndefined();
  });
});
