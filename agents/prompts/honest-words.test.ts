import { describe, expect, it } from "vitest";
import { nothingBorneOut, whatWasDone } from "./honest-words.ts";

const nothing = { done: [], isRemembered: false, waits: false };

describe("what was in fact done", () => {
  it.each([
    ["en", nothing, "To be clear: nothing was done in answer to this message."],
    ["pt-BR", nothing, "Para que fique claro: nada foi feito em resposta a esta mensagem."],
    ["sv", nothing, "To be clear: nothing was done in answer to this message."],
    [
      "de-AT",
      { ...nothing, waits: true },
      "Zur Klarheit: Auf diese Nachricht hin wurde nichts ausgeführt. Was unten steht, wartet auf deine Bestätigung.",
    ],
    [
      "en",
      { done: ["order a pizza"], isRemembered: true, waits: false },
      "To be clear, this was done in answer to this message, and nothing else: order a pizza, remember or forget something.",
    ],
  ])("is said in %s of %o", (locale, deeds, said) => {
    expect(whatWasDone(locale, deeds)).toBe(said);
  });

  it("stands alone where nothing else is left, and only where something was claimed", () => {
    expect(nothingBorneOut("en", nothing)).toContain("Tell me what should happen");
    expect(nothingBorneOut("en", { ...nothing, done: ["order a pizza"] })).not.toContain("Tell me");
    expect(nothingBorneOut("en", undefined)).toBe(
      "I have no answer to that which I could stand by. Please ask me in other words.",
    );
  });
});
