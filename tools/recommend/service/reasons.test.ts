import { describe, expect, it } from "vitest";
import { toldApart } from "./reasons.ts";

describe("web-and-operations E: the reasons of one list", () => {
  it("that are the same are told apart by what only one product has", () => {
    const reasons = toldApart([
      { reason: "often chosen", features: ["No fee", "1.75 % a year"] },
      { reason: "often chosen", features: ["No fee", "Bonus for saving monthly"] },
      { reason: "because you have Everyday", features: ["No fee"] },
    ]);
    expect(reasons).toEqual([
      "often chosen (1.75 % a year)",
      "often chosen (Bonus for saving monthly)",
      "because you have Everyday",
    ]);
  });

  it("stay as they are where they differ, or where the catalogue knows no difference", () => {
    expect(
      toldApart([
        { reason: "fits", features: ["A"] },
        { reason: "popular", features: ["B"] },
      ]),
    ).toEqual(["fits", "popular"]);
    expect(
      toldApart([
        { reason: "fits", features: ["A"] },
        { reason: "fits", features: ["A"] },
      ]),
    ).toEqual(["fits", "fits"]);
  });

  it("are a fact of the product where nothing else can be said", () => {
    const named = [
      { reason: "", features: ["A"] },
      { reason: "", features: ["B"] },
    ];
    expect(toldApart(named)).toEqual(["A", "B"]);
  });
});
