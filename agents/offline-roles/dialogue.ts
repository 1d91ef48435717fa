/** What is said without any tool: greetings, thanks, help, and talk about the assistant itself. */
import type { Choice } from "../../core/reply.ts";
import type { Intent } from "../offline/index.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { abilities, mainAbilities, sampleChoices } from "./abilities.ts";
import { findTool } from "./tool-input.ts";

/** More are not read in a greeting. */
const MOST_NAMED = 3;

type Act = (desk: Desk) => { readonly text: string; readonly choices?: readonly Choice[] };

const acts: Partial<Readonly<Record<Intent, Act>>> = {
  greet: (desk) => ({
    text: `Hello${nameOf(desk)}! I am ${desk.input.bot.name}. ${summaryOf(desk)}`,
    choices: sampleChoices(desk),
  }),
  goodbye: (desk) => ({ text: `Goodbye${nameOf(desk)}! Write to me whenever you need something.` }),
  thanks: () => ({ text: "You are welcome. Is there anything else?" }),
  help: (desk) => ({ text: helpOf(desk), choices: sampleChoices(desk) }),
  identity: (desk) => ({
    text: `I am ${desk.input.bot.name}, an automated assistant: a program, not a person. ${summaryOf(desk)}`,
    choices: sampleChoices(desk),
  }),
  confirm: () => ({
    text: "I am not sure what your yes is about. To confirm something, press its button or type its code. What would you like to do?",
  }),
  // Whether anything waits is known to the desk of confirmations alone, which was asked before: nothing is claimed here.
  cancel: () => ({ text: "All right. What would you like to do instead?" }),
  resetConversation: () => ({
    text: "Type /reset and we start from scratch: I no longer use what was said before. What you asked me to remember stays until you write “forget me”.",
    choices: [{ id: "reset", label: "Start over", value: "/reset" }],
  }),
  linkAccount: (desk) => ({ text: linkingOf(desk) }),
  unlinkAccount: () => ({
    text: "There are no accounts that this chat could be linked to, so there is nothing to separate.",
  }),
  humanHandover: () => ({
    text: "I am a program and cannot connect you to a person from here, and I found no contact in my documents. Please use the contacts on your provider's website or card.",
  }),
};

/** The answer to a dialogue act; undefined for everything that is none. */
export function dialogueDraft(intent: Intent, desk: Desk): Draft | undefined {
  const act = acts[intent];
  return act === undefined ? undefined : { ...act(desk), confidence: 0.95 };
}

/** What the assistant can do, in a few words; `help` tells the rest. */
export function summaryOf(desk: Desk): string {
  const can = mainAbilities(desk);
  if (can.length === 0) return "I can talk with you and remember what you ask me to.";
  const named = can.slice(0, MOST_NAMED).map(({ ability }) => ability.split(",")[0] ?? ability);
  const rest = can.length > MOST_NAMED ? " Ask “What can you do?” for the rest." : "";
  return `I can ${new Intl.ListFormat("en").format(named)}.${rest}`;
}

function helpOf(desk: Desk): string {
  const lines = abilities(desk).map(
    ({ ability, sample }) => `- ${ability}${sample === undefined ? "" : `: “${sample}”`}`,
  );
  return [
    "This is what I can do:",
    "",
    ...lines,
    "- remember what you tell me about yourself: “remember that I prefer short answers”",
    "- start over: type `/reset`; forget what I remembered: “forget me”",
  ].join("\n");
}

function linkingOf(desk: Desk): string {
  if (findTool("link_customer", desk) === undefined) {
    return "Type /link here to get a code, then send that code to me on your other platform: that joins the two chats.";
  }
  if (desk.input.chatType === "group") return "Please write to me directly for that: others can read along here.";
  return "Send me the link code that your bank gave you; it looks like ABCD-1234. To use me on a second platform as the same person, type /link instead.";
}

/** The name that the person told, never the display name: that may say anything. */
function nameOf({ input }: Desk): string {
  const name = input.memory.find(({ key }) => key === "name")?.value;
  return name === undefined || !/^[\p{L}][\p{L}\p{M} .'’-]{0,40}$/u.test(name) ? "" : `, ${name}`;
}
