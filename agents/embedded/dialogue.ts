/** What is said without any tool: greetings, thanks, help, and talk about the assistant itself. */
import type { ReplyAct } from "../../core/trace.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { abilities, mainAbilities, sampleChoices } from "./abilities.ts";
import { literal } from "../../core/markdown/index.ts";
import { type Listener, say, type Saying } from "./say.ts";

interface Act {
  readonly say: Saying;
  readonly act?: ReplyAct;
  readonly missing?: string;
  /** Offers requests to press. */
  readonly offers?: true;
}

/** By the request that was recognised. */
const acts: Readonly<Record<string, Act>> = {
  greet: { say: "greet", act: "greets", offers: true },
  how_are_you: { say: "how_are_you", act: "greets" },
  goodbye: { say: "goodbye", act: "says-goodbye" },
  thanks: { say: "thanks", act: "thanks" },
  praise: { say: "praise", act: "thanks" },
  help: { say: "help", act: "helps", offers: true },
  identity: { say: "identity", act: "helps" },
  small_talk: { say: "small_talk" },
  insult: { say: "insult", act: "asks", missing: "anything" },
  repeat: { say: "repeat", act: "asks", missing: "anything" },
  change_language: { say: "change_language" },
  go_back: { say: "go_back", act: "asks", missing: "anything" },
  confirm: { say: "confirm", act: "asks", missing: "which" },
  // Whether anything waits is known to the desk of confirmations alone, which was asked before: nothing is claimed here.
  cancel: { say: "cancel" },
  reset_conversation: { say: "reset_conversation" },
  record_complaint: { say: "complaint", act: "asks", missing: "anything" },
  hand_over: { say: "hand_over", act: "cannot" },
  distress: { say: "distress", act: "comforts" },
  danger: { say: "danger", act: "comforts" },
  other_language: { say: "other_language", act: "cannot" },
};

/** The answer to a dialogue act; undefined for everything that is none. */
export function dialogueDraft(request: string, desk: Desk, foreign?: string): Draft | undefined {
  const found = acts[request];
  if (found === undefined) return undefined;
  const { say: what, offers, ...act } = found;
  const text = say(what, listening(desk, foreign), valuesFor(what, desk));
  const choices =
    what === "reset_conversation"
      ? [{ id: "reset", label: say("start_over", desk.input), value: "/reset" }]
      : offers === undefined || foreign !== undefined
        ? undefined
        : sampleChoices(desk);
  return { text, ...act, ...(choices !== undefined && { choices }), confidence: 0.95 };
}

/** Somebody who may write in another language than the brain's own ones. */
export function listening({ input }: Desk, foreign: string | undefined): Listener {
  return { ...input, foreign };
}

function valuesFor(what: Saying, desk: Desk): Readonly<Record<string, string>> {
  const { input } = desk;
  const about = { bot: literal(input.bot.name), name: nameOf(desk), can: mainAbilities(desk) };
  if (what !== "help") return about;
  const lines = abilities(desk).map(({ ability, sample }) =>
    sample === undefined ? `- ${ability}` : `- ${ability}: ${say("sample", input, { sample })}`,
  );
  return { ...about, abilities: lines.join("\n"), memory: say("memory", input), reset: say("reset", input) };
}

/** The name that the person told, never the display name: that may say anything. */
function nameOf({ input }: Desk): string {
  const name = input.memory.find(({ key }) => key === "name")?.value;
  return name === undefined || !/^[\p{L}][\p{L}\p{M} .'’-]{0,40}$/u.test(name) ? "" : `, ${name}`;
}
