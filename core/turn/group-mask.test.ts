import { afterEach, expect, it } from "vitest";
import type { InboundEvent } from "../event.ts";
import { messageEvent } from "../../test/support/events.ts";
import { turnBench, type TurnBenchOptions } from "../../test/support/turn-bench.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function bench(options: TurnBenchOptions) {
  const made = await turnBench(options);
  open.push(made.close);
  return made;
}

const IBAN = "DE89 3704 0044 0532 0130 00";
const inGroup = (event: InboundEvent): InboundEvent => ({ ...event, chat: { ...event.chat, type: "group" } });
const asked = (text: string): InboundEvent => inGroup(messageEvent({ text }));
const always = { access: { groups: "always" } } as const;
const tells: NonNullable<TurnBenchOptions["crew"]> = async (_input, { emit }) => {
  emit({ type: "delta", text: `Yours is ${IBAN}, ` });
  return { text: `Yours is ${IBAN}, card 4242 4242 4242 4242, by +49 30 1234567` };
};

it("shows in a group the last four characters of what nobody wrote there", async () => {
  const { run, published } = await bench({ policies: always, crew: tells });
  const { replies } = await run([asked("what is my IBAN?")]);
  expect(replies[0]?.reply.text).toBe("Yours is •••• 3000, card •••• 4242, by •••• 4567");
  expect(JSON.stringify(published)).not.toContain("0532");
});

it("shows no address or secret of one person, and those of documents whole", async () => {
  const contact = "call +49 30 1234567 or write to help@harbour.example, Hauptstraße 5, 10115 Berlin";
  const { run } = await bench({
    policies: always,
    crew: async () => ({
      reply: {
        text: `Yours: jana@example.org, Lindenweg 12, 20095 Hamburg, password: hunter2-Xy9. Please ${contact}.`,
        confidence: 1,
        model: "scripted",
        sources: [{ title: "Contact", location: "1", quote: `Questions: ${contact}.` }],
      },
    }),
  });
  const [draft] = (await run([asked("what do you know of me?")])).replies;
  const text = draft?.reply.text ?? "";
  expect(text).toContain(`Please ${contact}.`);
  for (const own of ["jana", "Lindenweg", "hunter2"]) expect(text).not.toContain(own);
  expect(text).toMatch(/^Yours: ••••, ••••/u);
});

it("shows it whole to whoever wrote it there, in this message or before, however it is grouped", async () => {
  const { run } = await bench({ policies: always, crew: tells });
  expect((await run([asked(`is it de89370400440532013000?`)])).replies[0]?.reply.text).toContain(IBAN);
  expect((await run([asked("and now?")])).replies[0]?.reply.text).toContain(IBAN);
});

it("masks cards and confirmations too, and leaves alone what documents say", async () => {
  const { run } = await bench({
    policies: always,
    crew: async () => ({
      reply: {
        text: `We take payments at ${IBAN}.`,
        confidence: 1,
        model: "scripted",
        sources: [{ title: "Fees", location: "1", quote: `IBAN ${IBAN}` }],
        cards: [{ id: "a", title: "Ben", facts: [{ label: "to", value: "GB29 NWBK 6016 1331 9268 19" }] }],
        proposal: {
          id: "p",
          summary: "Pay Ben at GB29 NWBK 6016 1331 9268 19",
          facts: [{ label: "IBAN", value: "GB29 NWBK 6016 1331 9268 19" }],
          expiresAt: "2030-01-01T00:00:00.000Z",
        },
      },
    }),
  });
  const [draft] = (await run([asked("pay Ben")])).replies;
  expect(draft?.reply.text).toContain(IBAN);
  expect(draft?.reply.cards?.[0]?.facts[0]?.value).toBe("•••• 6819");
  expect(draft?.reply.proposal).toMatchObject({ summary: "Pay Ben at •••• 6819", facts: [{ value: "•••• 6819" }] });
});

it("shows all in a direct chat, to its requester alone, and where the bot says so", async () => {
  const direct = await bench({ crew: tells });
  expect((await direct.run([messageEvent({ text: "my IBAN?" })])).replies[0]?.reply.text).toContain(IBAN);
  const plain = await bench({ policies: { ...always, privacy: { groups: "plain" } }, crew: tells });
  expect((await plain.run([asked("my IBAN?")])).replies[0]?.reply.text).toContain(IBAN);
  const alone = await bench({
    policies: always,
    crew: async () => ({ reply: { text: IBAN, confidence: 1, model: "none", visibility: "requester" } }),
  });
  expect((await alone.run([asked("my IBAN?")])).replies[0]?.reply.text).toBe(IBAN);
});
