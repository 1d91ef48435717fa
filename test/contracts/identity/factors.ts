import { describe, expect, it } from "vitest";
import { atOnce, countTrue, type IdentityContext, NOW } from "./context.ts";

export function factorsContract(context: IdentityContext): void {
  const { store, addUser } = context;
  describe("second factors", () => {
    it("replace an authenticator that is not confirmed, and none that is", async () => {
      await addUser("a");
      expect(await store().factors.enrolTotp("a", Buffer.from("1"))).toBe(true);
      expect(await store().factors.enrolTotp("a", Buffer.from("2"))).toBe(true);
      expect(await store().factors.confirmTotp("a", { step: 10, now: NOW, recovery: ["r1", "r2"] })).toBe(true);
      expect(await store().factors.confirmTotp("a", { step: 11, now: NOW, recovery: [] })).toBe(false);
      expect(await store().factors.enrolTotp("a", Buffer.from("3"))).toBe(false);
      const kept = await store().factors.totp("a");
      expect(Buffer.from(kept?.secret ?? []).toString()).toBe("2");
      expect(await store().factors.recoveryCodesLeft("a")).toBe(2);
    });

    it("count a time step once, and none before it", async () => {
      await addUser("a");
      await store().factors.enrolTotp("a", Buffer.from("1"));
      expect(await store().factors.useTotpStep("a", 9)).toBe(false);
      await store().factors.confirmTotp("a", { step: 10, now: NOW, recovery: [] });
      expect(await store().factors.useTotpStep("a", 10)).toBe(false);
      const used = await atOnce(context, 10, async ({ factors }) => await factors.useTotpStep("a", 11));
      expect(countTrue(used)).toBe(1);
      expect(await store().factors.useTotpStep("a", 10)).toBe(false);
    });

    it("use a recovery code once, of its user alone", async () => {
      for (const id of ["a", "b"]) await addUser(id);
      await store().factors.replaceRecoveryCodes("a", ["r1", "r2"]);
      expect(await store().factors.useRecoveryCode("b", "r1")).toBe(false);
      const used = await atOnce(context, 10, async ({ factors }) => await factors.useRecoveryCode("a", "r1"));
      expect(countTrue(used)).toBe(1);
      await store().factors.replaceRecoveryCodes("a", ["r3"]);
      expect(await store().factors.useRecoveryCode("a", "r2")).toBe(false);
      expect(await store().factors.recoveryCodesLeft("a")).toBe(1);
      await store().factors.removeTotp("a");
      expect(await store().factors.recoveryCodesLeft("a")).toBe(0);
    });

    it("keep passkeys, each once, and note their use once for each counter", async () => {
      for (const id of ["a", "b"]) await addUser(id);
      const passkey = {
        id: "k",
        userId: "a",
        name: "phone",
        publicKey: Buffer.from([0, 200]),
        counter: 1,
        transports: ["internal"],
        createdAt: NOW,
      };
      await store().factors.addPasskey(passkey);
      await expect(store().factors.addPasskey({ ...passkey, userId: "b" })).rejects.toMatchObject({
        code: "identity/passkey-known",
      });
      const used = await atOnce(
        context,
        6,
        async ({ factors }) => await factors.usePasskey("k", { from: 1, to: 2, now: NOW }),
      );
      expect(countTrue(used)).toBe(1);
      const [kept] = await store().factors.passkeys("a");
      expect({ ...kept, publicKey: [...(kept?.publicKey ?? [])] }).toEqual({
        ...passkey,
        publicKey: [0, 200],
        counter: 2,
        lastUsedAt: NOW,
      });
      expect(await store().factors.removePasskey("b", "k")).toBe(false);
      expect(await store().factors.removePasskey("a", "k")).toBe(true);
    });
  });
}
