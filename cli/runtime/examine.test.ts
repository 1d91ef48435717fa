import { describe, expect, it } from "vitest";
import { checkNode } from "./examine.ts";

describe("doctor on Node", () => {
  it.each(["20.19.0", "20.20.2", "22.13.0", "22.23.3", "24.0.0", "26.1.0"])("is content with %s", (version) => {
    expect(checkNode(version)).toEqual({ name: "node", status: "ok", detail: `v${version}` });
  });

  it.each(["18.20.0", "20.18.3", "21.7.0", "22.12.0", "23.11.0"])("says what to install instead of %s", (version) => {
    expect(checkNode(version)).toMatchObject({ status: "error", remedy: expect.stringContaining("Install Node 24") });
  });
});
