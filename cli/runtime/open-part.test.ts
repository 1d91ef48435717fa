import { describe, expect, it } from "vitest";
import { ParleyError } from "../../core/errors.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { openPart } from "./open-part.ts";

const rooms = { bot: "hotel", kind: "tool pack", name: "rooms" } as const;
const opening = async (open: () => Promise<object>) =>
  await openPart(rooms, { open, needs: (part) => "tools" in part, log: silentTelemetry.log });

describe("a tool pack that is opened", () => {
  it("is given as it is", async () => {
    const pack = { tools: [] };
    expect(await opening(async () => pack)).toBe(pack);
  });

  it.each([
    ["throws", async () => await Promise.reject(new TypeError("reading 'url'")), "TypeError: reading 'url' (at "],
    ["gives nothing", async () => JSON.parse("null"), 'gave nothing usable from "open"'],
    ["gives something else", async () => ({ tool: [] }), 'gave nothing usable from "open"'],
  ])("and %s is named, with its bot", async (_how, open, words) => {
    await expect(opening(open)).rejects.toThrow(
      expect.objectContaining({
        code: "bot/part-failed",
        message: expect.stringMatching(/^The tool pack "rooms" of the bot "hotel"/u),
      }),
    );
    await expect(opening(open)).rejects.toThrow(words);
  });

  it("keeps an error that says what to do as it is", async () => {
    const wrong = new ParleyError("rooms/no-key", "Set ROOMS_KEY.");
    await expect(opening(async () => await Promise.reject(wrong))).rejects.toBe(wrong);
  });
});
