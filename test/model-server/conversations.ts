/** Conversations on the strict server: what the models answer, and what must come of it with how many requests. */
import type { Answered } from "../support/crew-bench.ts";
import type { Step } from "../support/messages-api/faults.ts";

export interface ScriptedTurn {
  readonly say: string;
  /** What the models answer, request by request. */
  readonly steps: readonly Step[];
  readonly mostRequests: number;
  /** Why it did not hold; undefined where it did. */
  readonly fault: (answered: Answered) => string | undefined;
}

export interface ScriptedConversation {
  readonly name: string;
  readonly turns: readonly ScriptedTurn[];
}

const uses = (...calls: readonly (readonly [name: string, input: Readonly<Record<string, unknown>>])[]): Step => ({
  toolUse: calls.map(([name, input]) => ({ name, input })),
});
const enough: Step = { text: "ENOUGH" };
const searches = (query: string): Step => uses(["search_documents", { query }]);

/** The answer, word for word. */
const says =
  (text: string) =>
  ({ reply }: Answered): string | undefined =>
    reply.text === text ? undefined : `said: ${reply.text}`;

const proposes =
  (...parts: readonly string[]) =>
  ({ reply, further = [] }: Answered): string | undefined => {
    const summaries = [reply, ...further].flatMap(({ proposal }) => proposal?.summary ?? []);
    const isRight = summaries.length === parts.length && parts.every((part, index) => summaries[index]?.includes(part));
    return isRight ? undefined : `proposed: ${JSON.stringify(summaries)}`;
  };

const links: ScriptedTurn = {
  say: "link ANNA-7K42",
  steps: [uses(["link_customer", { code: "ANNA-7K42" }]), { text: "Your account is now linked." }],
  mostRequests: 3,
  fault: says("Your account is now linked."),
};

export const conversations: readonly ScriptedConversation[] = [
  {
    name: "questions that documents answer, with thinking and citations",
    turns: [
      {
        say: "How much is the Premium Account per month?",
        steps: [searches("Premium Account price"), { thinking: "Read it.", text: "It costs €14.90 a month [1]." }],
        mostRequests: 3,
        fault: ({ reply, signals }) =>
          reply.text === "It costs €14.90 a month [1]." &&
          reply.sources?.length === 1 &&
          signals.some(({ type }) => type === "delta")
            ? undefined
            : `said: ${reply.text}`,
      },
      {
        say: "And the Basic Account?",
        steps: [searches("Basic Account price"), { thinking: "Read it.", text: "€3.90 a month [1]. It costs €7.77." }],
        mostRequests: 3,
        fault: ({ reply }) => (reply.text.includes("7.77") ? "an invented price is shown" : undefined),
      },
      {
        say: "Which of them has a credit card?",
        steps: [
          uses(["search_documents", { query: "Premium Account credit card" }], ["continue_after_results", {}]),
          searches("Basic Account credit card"),
          { text: "The Premium Account has one." },
        ],
        mostRequests: 3,
        fault: says("The Premium Account has one."),
      },
    ],
  },
  {
    name: "small talk",
    turns: [
      {
        say: "hello",
        steps: [enough, { text: "Hello! How can I help?" }],
        mostRequests: 2,
        fault: says("Hello! How can I help?"),
      },
      { say: "danke!", steps: [enough, { text: "Gern!" }], mostRequests: 2, fault: says("Gern!") },
    ],
  },
  {
    name: "orders, shown by code",
    turns: [
      links,
      {
        say: "Send 20 euros to Emre",
        steps: [uses(["transfer_money", { amount: "20 EUR", to: "Emre" }])],
        mostRequests: 3,
        fault: proposes("€20.00"),
      },
      {
        say: "Send 15 euros to Jana and 10 euros to Emre",
        steps: [
          uses(
            ["transfer_money", { amount: "15 EUR", to: "Jana" }],
            ["transfer_money", { amount: "10 EUR", to: "Emre" }],
          ),
        ],
        mostRequests: 3,
        fault: proposes("€15.00", "€10.00"),
      },
      {
        say: "What is my balance on Everyday?",
        steps: [
          uses(["get_balance", { accounts: ["Everyday"] }]),
          { text: "There are €1,835.81 on Everyday. There are also €99,999.00 on another one." },
        ],
        mostRequests: 3,
        fault: says("There are €1,835.81 on Everyday."),
      },
    ],
  },
  {
    name: "memory",
    turns: [
      {
        say: "Please remember that I prefer short answers",
        steps: [uses(["remember_fact", { key: "style", value: "prefer short answers" }]), { text: "Noted." }],
        mostRequests: 3,
        fault: ({ reply, remember }) =>
          reply.text === "Noted." && remember.length === 1 ? undefined : `said: ${reply.text}`,
      },
      {
        say: "What do you know about me?",
        steps: [enough, { text: "You prefer short answers." }],
        mostRequests: 2,
        fault: says("You prefer short answers."),
      },
      {
        say: "Forget that I prefer short answers",
        steps: [uses(["forget_fact", { key: "style" }]), { text: "Forgotten." }],
        mostRequests: 3,
        fault: ({ remember }) => (remember.length === 1 ? undefined : "not forgotten"),
      },
    ],
  },
];
