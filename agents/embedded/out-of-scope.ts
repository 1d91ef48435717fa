/** What is said to a message that is none of the assistant's requests, or may be several. */
import { ownWords } from "../../core/language/segments.ts";
import type { Choice } from "../../core/reply.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { abilityOf, mainAbilities, sampleChoices, upperFirst } from "./abilities.ts";
import type { Reading } from "./reading.ts";
import { languageFor, say } from "./say.ts";
import { findTool } from "./tool-input.ts";

const LIKELY_ENOUGH = 0.3;
/** From here on a reading is asked about; below, it is no more than an offer beside a plain no. */
const LIKELY_MEANT = 0.45;
const MOST_CHOICES = 3;

/** Longer words of a person's own, of which nothing was understood, are asked for again in brief. */
const LONGEST = 2_000;

/** Where nothing was understood of a message because it is too long to be read. */
export function tooLongDraft({ input }: Desk): Draft | undefined {
  if (input.text.length <= LONGEST || ownWords(input.text).length <= LONGEST) return undefined;
  return { text: say("too_long", input), confidence: 0.9, act: "asks", missing: "anything" };
}

/** Says plainly that this is not the assistant's business, and what is. */
export function foreignDraft(reading: Reading | undefined, desk: Desk): Draft {
  const tooLong = tooLongDraft(desk);
  if (tooLong !== undefined) return tooLong;
  const choices = guesses(reading, desk);
  if (likeliest(reading) >= LIKELY_MEANT && choices.length > 0)
    return { text: say("did_you_mean", desk.input), choices, confidence: 0.3, act: "asks", missing: "which" };
  const text = say("out_of_scope", desk.input, { can: mainAbilities(desk) });
  return { text, choices: choices.length > 0 ? choices : sampleChoices(desk), confidence: 0.3, act: "cannot" };
}

function likeliest(reading: Reading | undefined): number {
  const { alternatives = [] } = reading?.understood.recognized ?? {};
  return Math.max(0, ...alternatives.map(({ confidence }) => confidence));
}

/** The next likely readings, as requests to press. */
export function guesses(reading: Reading | undefined, desk: Desk): readonly Choice[] {
  const { alternatives = [] } = reading?.understood.recognized ?? {};
  return alternatives
    .filter(({ confidence }) => confidence >= LIKELY_ENOUGH)
    .flatMap(({ label }) => {
      const value = sampleOf(label, reading, desk);
      return value === undefined ? [] : [{ id: `did-you-mean-${label}`, label: upperFirst(value), value }];
    })
    .slice(0, MOST_CHOICES);
}

/** How somebody might ask for it, where the bot can do it. */
function sampleOf(label: string, reading: Reading | undefined, desk: Desk): string | undefined {
  const language = languageFor(desk.input);
  const [kind, name = ""] = label.split(":");
  if (kind === "tool") {
    const tool = findTool(name, desk);
    return tool && abilityOf(tool, language).sample;
  }
  return reading?.understood.samples.get(label)?.[language];
}
