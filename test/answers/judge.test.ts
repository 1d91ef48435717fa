import { beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../../core/reply.ts";
import { conversationId } from "../../core/conversation-id.ts";
import { testReply } from "../support/delivery-setup.ts";
import { type Answerable, readCases, type Unanswerable } from "./cases.ts";
import { type Documents, readDocuments } from "./documents.ts";
import { type Came, judge } from "./judge.ts";

const question = { id: "q-1", language: "en", kind: "fact", question: "What does a replacement card cost?" } as const;
const asked: Answerable = {
  ...question,
  documents: ["fees-overview.md"],
  required: [["€9.00", "9 euros"]],
  forbidden: ["€18.00"],
  answer: "€9.00.",
  words: 10,
};
const unanswerable: Unanswerable = { ...question, near: ["fees-overview.md"], missing: "no price of gold cards" };
const fees: Source = {
  title: "Fees overview",
  location: "Cards and cash",
  url: "/documents/harbour/fees-overview?quote=Replacement#quote",
  quote: "Replacement card after loss or damage | €9.00",
};

let documents: Documents;
beforeAll(async () => {
  documents = await readDocuments();
});

const came = (text: string, sources: readonly Source[] = [], act?: "does-not-know" | "cannot" | "asks"): Came => ({
  replies: [testReply({ text, sources: [...sources] })],
  trace: act && {
    version: 1,
    id: "t",
    conversation: conversationId({ platform: "test", account: "main", chat: "c" }),
    bot: "b",
    eventIds: [],
    messageIds: [],
    startedAt: "2026-11-21T10:00:00Z",
    finishedAt: "2026-11-21T10:00:00Z",
    outcome: "answered",
    steps: [{ at: "2026-11-21T10:00:00Z", kind: "agent", name: "response-generator", outcome: "done", act }],
  },
});
const classOf = (...[text, sources, act]: Parameters<typeof came>) =>
  judge(asked, came(text, sources, act), documents).class;

describe("an answer is", () => {
  it("correct with every fact, short, and a citation that holds", () => {
    expect(judge(asked, came("A replacement costs €9.00. [1]", [fees]), documents)).toEqual({
      class: "correct",
      reasons: [],
      citations: { total: 1, standing: 1, holding: 1 },
    });
  });

  it("wrong with something forbidden, or cited without any fact", () => {
    expect(classOf("€9.00, or €18.00 by express. [1]", [fees])).toBe("wrong");
    expect(classOf("Cards are ordered in the app. [1]", [fees])).toBe("wrong");
  });

  it("insufficient where one of several facts is missing, or where it is too long", () => {
    const both = { ...asked, required: [...asked.required, ["two days"]] };
    expect(judge(both, came("€9.00 [1]", [fees]), documents)).toMatchObject({
      class: "insufficient",
      reasons: ["lacks two days"],
    });
    const long = "It costs €9.00, and there is much more to be said of cards. [1]";
    expect(judge(asked, came(long, [fees]), documents).reasons).toEqual(["is too long: 13 of 10 words"]);
  });

  it("long by the rows of a table, not by its words", () => {
    const table = (rows: number) =>
      ["| What | Price |", "| - | - |", ...Array.from({ length: rows }, () => "| Replacement | €9.00 |")].join("\n");
    expect(classOf(table(5), [fees])).toBe("correct");
    expect(classOf(table(6), [fees])).toBe("insufficient");
  });

  it("without a citation where it cites nothing, something that is no document, or what does not stand there", () => {
    expect(classOf("€9.00")).toBe("no-citation");
    expect(classOf("€9.00 [1]", [{ ...fees, url: "https://help.harbour.example/fees" }])).toBe("no-citation");
    expect(classOf("€9.00 [1]", [{ ...fees, quote: "Replacement card | €9.00" }])).toBe("no-citation");
  });

  it("without a citation where the cited section does not hold the fact", () => {
    const loans = { ...fees, location: "Loans", quote: "Express delivery of a card" };
    expect(judge(asked, came("€9.00 [1]", [loans]), documents).reasons).toEqual(["no citation shows €9.00"]);
  });

  it("founded on nothing but its documents where it is a sum that stands in none", () => {
    const sum = { ...asked, required: [["€27.00 for three"]] };
    expect(judge(sum, came("€27.00 for three [1]", [fees]), documents).class).toBe("correct");
  });

  it("refused where it says that it does not know", () => {
    expect(classOf("I found no answer to that in my documents.", [], "does-not-know")).toBe("refused");
  });
});

it("cards are read without the marks that keep their words plain", () => {
  const card = { id: "card", title: "Replacement", facts: [{ label: "Price", value: "9.00 €" }], text: "" };
  expect(judge(asked, { ...came(""), replies: [testReply({ text: "", cards: [card] })] }, documents)).toMatchObject({
    class: "no-citation",
    reasons: ["cites nothing"],
  });
});

it("asking for something else is no refusal, nor is refusing without a topic", () => {
  expect(judge(asked, came("What is the IBAN?", [], "asks"), documents).class).toBe("no-citation");
  expect(judge(asked, came("This chat is not linked.", [], "cannot"), documents).class).toBe("no-citation");
});

describe("a question that no document answers", () => {
  it("is refused rightly, and never answered with a citation", () => {
    expect(judge(unanswerable, came("I found no answer.", [], "does-not-know"), documents).class).toBe("refused");
    expect(judge(unanswerable, came("€9.00 [1]", [fees]), documents).class).toBe("cited");
    expect(judge(unanswerable, came("You are welcome."), documents).class).toBe("no-citation");
  });
});

it.each(["open", "locked"] as const)("all cases of the %s half can be read, each id once", (half) => {
  const ids = readCases(half).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
