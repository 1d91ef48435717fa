import {
  type CrewFactory,
  type CrewInput,
  type CrewResult,
  type CrewTurn,
  proposalReply,
  type ReplyDraft,
  type ToolOutcome,
} from "parleyjs/adapter";

const HELP = "I can look for books (“find sea”) and reserve one (“reserve The Waves”).";

/** A desk that knows three sentences. No model is asked, so nothing has to be configured. */
export function deskCrew(): CrewFactory {
  return {
    name: "desk",
    summary: {},
    open: async () => ({ run: answer, close: async () => {} }),
  };
}

async function answer({ text, bot }: CrewInput, { tools, emit }: CrewTurn): Promise<CrewResult> {
  const [, verb = "", rest = ""] = /^\s*(find|reserve)\s+(.+?)\s*$/iu.exec(text) ?? [];
  if (verb === "") return said({ text: HELP });
  const isSearch = verb.toLowerCase() === "find";
  emit({ type: "status", text: isSearch ? "Looking at the shelves…" : "Asking the desk…" });
  const outcome = isSearch
    ? await tools.call("find_books", { word: rest }, "find")
    : await tools.call("reserve_book", { title: rest }, "reserve");
  return replyTo(outcome, bot.locale);
}

/** Whatever became of the call: done, to be confirmed, or not possible. */
function replyTo(outcome: ToolOutcome, locale: string): CrewResult {
  // The proposal as it is stored, with its buttons: its requester decides, and the framework carries it out.
  if (outcome.status === "proposed") return { ...said({}), reply: proposalReply(outcome.proposal, { locale }) };
  if (outcome.status !== "done") return said({ text: outcome.message });
  const { cards = [] } = outcome.result;
  return said(
    cards.length === 0 ? { text: "We have no such book." } : { text: "This is what we have:", cards: [...cards] },
  );
}

/** `cacheable` is for answers that depend on nobody; `remember` for facts of this person. */
function said(reply: Partial<ReplyDraft>): CrewResult {
  return { reply: { text: "", confidence: 1, model: "none", ...reply }, remember: [], cacheable: false };
}
