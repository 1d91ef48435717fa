import type { Reply } from "../reply.ts";

const base: Omit<Reply, "id" | "text"> = {
  sources: [],
  disclaimers: [],
  confidence: 0.9,
  processingTimeMs: 12,
  model: "none",
};

type SampleName =
  | "plain"
  | "markdown"
  | "code"
  | "table"
  | "emoji"
  | "long"
  | "choices"
  | "proposal"
  | "cards"
  | "sources";

/** Replies of every kind, the awkward ones included. */
export const sampleReplies: Readonly<Record<SampleName, Reply>> = {
  plain: { ...base, id: "plain", text: "Your card is on its way." },
  markdown: {
    ...base,
    id: "markdown",
    text: "# Fees\n\nA **debit card** is _free_; see [the list](https://example.org/fees).\n\n- one\n- two",
  },
  code: { ...base, id: "code", text: "```sql\nselect 1;\n```" },
  table: { ...base, id: "table", text: "| fee | amount |\n| --- | --- |\n| card | 5 € |" },
  emoji: { ...base, id: "emoji", text: "Done 👩‍👩‍👧‍👦🇨🇭 — שלום" },
  long: {
    ...base,
    id: "long",
    text: Array.from({ length: 900 }, (_, index) => `Sentence number ${index} of a long answer.`).join(" "),
  },
  choices: {
    ...base,
    id: "choices",
    text: "Which account?",
    choices: [
      { id: "everyday", label: "Everyday", value: "the everyday account" },
      { id: "savings", label: "Savings", value: "the savings account" },
    ],
  },
  proposal: {
    ...base,
    id: "proposal",
    text: "Please confirm.",
    proposal: {
      id: "p1",
      summary: "Transfer 50.00 € from Everyday to Maria Rossi",
      facts: [
        { label: "Amount", value: "€50.00", number: 50, isMain: true },
        { label: "To", value: "Maria Rossi" },
      ],
      code: "K7M2QX",
      expiresAt: "2030-01-01T00:00:00.000Z",
    },
    choices: [
      { id: "confirm:p1", label: "Confirm", value: "confirm", style: "primary" },
      { id: "cancel:p1", label: "Cancel", value: "cancel", style: "danger" },
    ],
  },
  cards: {
    ...base,
    id: "cards",
    text: "This could suit you.",
    cards: [
      {
        id: "balanced-fund",
        title: "Balanced Fund",
        number: 1,
        facts: [
          { label: "Kind", value: "fund" },
          { label: "Risk", value: "medium risk", tone: "caution" },
          { label: "Expected return", value: "4.1%", phrase: "about 4.1% a year" },
          { label: "Match", value: "83%", phrase: "" },
        ],
        text: "often chosen by families",
        isAdvice: true,
      },
    ],
    disclaimers: ["This is no investment advice."],
  },
  sources: {
    ...base,
    id: "sources",
    text: "A replacement card costs 8.00 € [1].",
    sources: [
      {
        title: "Debit cards",
        location: "Fees",
        url: "https://example.org/cards#fees",
        quote: "A replacement card costs 8.00 €.",
      },
    ],
  },
};
