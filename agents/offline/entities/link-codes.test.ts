import { describe, expect, it } from "vitest";
import { findLinkCodes } from "./link-codes.ts";

describe("link codes", () => {
  it.each(["ABCD-7K42", "abcd-7k42", "ABCD–7K42", "/link ABCD-7K42", "my code: ABCD-7K42.", "(abcd-7k42)"])(
    "finds the one in %s",
    (text) => {
      expect(findLinkCodes(text)).toMatchObject([{ code: "ABCD-7K42" }]);
    },
  );

  it("takes a code of letters only in capitals", () => {
    expect(findLinkCodes("WXYZ-ABCD")).toMatchObject([{ code: "WXYZ-ABCD", start: 0, end: 9 }]);
    expect(findLinkCodes("a long-term plan")).toEqual([]);
  });

  it.each(["2024-2025", "ABCDE-7K42", "ABCD-7K421", "ABCD-7K42-9999", "X-ABCD-7K42", "1234-5678"])(
    "finds none in %s",
    (text) => {
      expect(findLinkCodes(text)).toEqual([]);
    },
  );
});
