import { describe, expect, it } from "vitest";
import { callContext, openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import { bank } from "./bank.ts";

describe("a customer's profile", () => {
  it("is known to other packs once the person is linked, and of nobody else", async () => {
    const pack = bank();
    expect(await pack.profileOf("web:main:u1")).toBeUndefined();
    const { tools, close } = await pack.open(await openContext(await temporaryFolder()));
    expect(await pack.profileOf("web:main:u1")).toBeUndefined();
    const link = tools.find(({ name }) => name === "link_customer");
    const { context } = callContext();
    await link?.execute(
      { code: "ANNA-7K42" },
      { ...context, userTexts: ["link ANNA-7K42"], scopes: new Set(["public", "private"]) },
    );
    expect(await pack.profileOf("web:main:u1")).toMatchObject({
      id: "C1001",
      segment: expect.any(String),
      riskProfile: expect.any(Number),
    });
    expect(await pack.profileOf("web:main:u2")).toBeUndefined();
    await close();
  });
});
