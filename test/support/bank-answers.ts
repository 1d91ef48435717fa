/** A scripted bank for the chat page: every kind of reply a person can meet, by what they ask. */
import { textOf } from "../../core/event.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import { cardsOf } from "../../tools/recommend/tools/cards.ts";
import { type Answer, draft } from "./web-chat.ts";

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

/** Speed in ms between the pieces of a streamed answer, and how long a proposal can be confirmed. */
export function bankAnswers(paceMs = 15, validMs = 300_000): Answer {
  return async (event, emit) => {
    const text = textOf(event).toLowerCase();
    if (event.type === "action") return [decided(event.choiceId)];
    if (text.includes("send")) return [transfer(validMs)];
    if (text.includes("invest")) return [recommendation()];
    if (text.includes("which")) return [accounts()];
    if (text.includes("silent")) return undefined;
    emit({ type: "started" });
    emit({ type: "status", text: "Searching the documents…" });
    await pause(paceMs * 4);
    let offset = 0;
    for (const piece of FEES.match(/\S+\s*/gu) ?? []) {
      emit({ type: "delta", offset, text: piece });
      offset += piece.length;
      await pause(paceMs);
    }
    return [cited()];
  };
}

const FEES = [
  "A replacement for a **lost or stolen** debit card is free once a year; after that it costs **8.00 €** [1].",
  "",
  "| Card | Yearly fee | Abroad |",
  "| --- | ---: | ---: |",
  "| Debit | 0.00 € | 0.9 % |",
  "| Credit | 36.00 € | 1.5 % |",
  "",
  "Block the old card in the app first: it takes effect at once [2].",
].join("\n");

function cited() {
  return draft(FEES, {
    sources: [
      {
        title: "Debit cards",
        location: "Replacement",
        url: "/documents/harbour/cards#replacement",
        quote: "The first replacement in a calendar year is free. Each further one costs 8.00 €.",
      },
      { title: "Lost and stolen cards", location: "Blocking", quote: "A block takes effect at once." },
    ],
  });
}

function transfer(validMs: number) {
  return proposalReply({
    id: "p1",
    summary: "Transfer 50.00 € from Everyday ••6001 to Maria Rossi, reference “Dinner”",
    facts: [
      { label: "Amount", value: "€50.00", number: 50, isMain: true },
      { label: "To", value: "Maria Rossi" },
    ],
    code: "K7M2QX",
    expiresAt: new Date(Date.now() + validMs).toISOString(),
  });
}

function decided(choiceId: string) {
  if (choiceId.startsWith("cancel:")) return draft("Cancelled. Nothing was sent.");
  if (choiceId.startsWith("confirm:"))
    return draft("Sent: **50.00 €** to Maria Rossi. Everyday now has **1,204.18 €**.");
  return draft("Your savings account has **8,310.00 €**.");
}

function accounts() {
  return draft("Which account do you mean?", {
    choices: [
      { id: "everyday", label: "Everyday", value: "Everyday" },
      { id: "savings", label: "Savings", value: "Savings" },
    ],
  });
}

function recommendation() {
  const recommendations = [
    {
      id: "goal",
      name: "Goal Saver",
      category: "Savings",
      riskLevel: "low" as const,
      expectedReturn: 0.021,
      relevanceScore: 0.8,
      rank: 1,
      reason: "You put money aside every month, and this pays more than your savings account.",
    },
    {
      id: "balanced",
      name: "Harbour Balanced Fund",
      category: "Fund",
      riskLevel: "medium" as const,
      expectedReturn: 0.041,
      relevanceScore: 0.8,
      rank: 2,
      reason: "Often chosen together with Goal Saver by customers who save as regularly as you.",
    },
  ];
  return draft("These fit a goal in three to five years:", {
    cards: cardsOf(recommendations, "en"),
    choices: ["Goal Saver", "Harbour Balanced Fund"].flatMap((name, index) => {
      const id = ["goal", "balanced"][index] ?? "";
      const choice = (verb: string, value: string, label: string) => ({
        id: `${verb}-product:${id}`,
        label: value,
        value,
        card: { id, label },
      });
      return [choice("accept", `I like ${name}`, "I like it"), choice("dismiss", `Not ${name}`, "Not for me")];
    }),
    disclaimers: ["The value of investments can fall as well as rise. This is information, not investment advice."],
  });
}
