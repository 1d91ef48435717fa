import { expect, it } from "vitest";
import { lineDifference } from "./line-difference.ts";

it("shows only the lines that differ", () => {
  expect(lineDifference(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"])).toEqual(["- b", "+ x", "+ e"]);
  expect(lineDifference(["a", "b"], ["b"])).toEqual(["- a"]);
  expect(lineDifference([], ["a"])).toEqual(["+ a"]);
  expect(lineDifference(["a"], ["a"])).toEqual([]);
});

it("shows of long lines the part that differs, and of many lines the first", () => {
  const long = "x".repeat(1_000);
  const [gone = "", come = ""] = lineDifference([`${long}one${long}`], [`${long}two${long}`]);
  expect([gone.length, come.length]).toEqual([164, 164]);
  expect([gone, come].map((line) => line.replaceAll("x", ""))).toEqual(["- …one…", "+ …two…"]);
  const many = Array.from({ length: 60 }, (_, index) => `line ${index}`);
  expect(lineDifference(many, [])).toHaveLength(41);
});
