import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { Attachment } from "../../core/event.ts";
import { defineTool } from "../../core/define-tool.ts";
import { crewBench } from "../../test/support/crew-bench.ts";
import { packOf } from "../../test/support/tool-pack.ts";
import { AnsweringModel } from "../testing/answering-model.ts";
import type { ModelRequest } from "../testing/model-request.ts";
import { playStep, type ScriptStep } from "../testing/script-step.ts";
import { createPromptMask } from "./prompt-mask.ts";

const IBAN = "DE89 3704 0044 0532 0130 00";
const PHONE = "+49 151 23456789";
const MAIL = "anna@example.org";
const OWN_CARD = "4242 4242 4242 4242";

const given: unknown[] = [];
const keep = defineTool({
  name: "keep_contact",
  description: "Keeps how somebody is paid and called.",
  input: z.strictObject({ iban: z.string(), phones: z.array(z.string()) }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  execute: async (input, { userTexts }) => {
    given.push({ input, isSaid: userTexts.some((text) => text.includes(input.iban)) });
    return { value: { kept: input.iban, card: OWN_CARD } };
  },
});

let bench: Awaited<ReturnType<typeof crewBench>> | undefined;
afterEach(async () => {
  await bench?.close();
  given.length = 0;
});

/** A model whose answers are made of what it was asked. */
async function openWith(steps: readonly ((request: ModelRequest) => ScriptStep)[], showsPersonalData = false) {
  const requests: ModelRequest[] = [];
  let ids = 0;
  const model = new AnsweringModel("answering", ({ request, options }) => {
    const step = steps[requests.push(request) - 1] ?? (() => ({ text: "I have no more to say." }));
    return playStep(step(request), { request, signal: options.signal, newCallId: () => `call-${(ids += 1)}` });
  });
  bench = await crewBench({ crew: { model }, packs: [packOf(keep)], showsPersonalData });
  return { talk: bench.talk("anna"), requests, seen: () => JSON.stringify(requests) };
}

const tokensIn = (request: ModelRequest, kind: string): readonly string[] =>
  request.messages
    .filter(({ role }) => role !== "system")
    .flatMap(({ text }) => text.match(new RegExp(`\\b${kind}_[a-z0-9]{8}\\b`, "gu")) ?? []);
const token = (request: ModelRequest, kind: string): string => tokensIn(request, kind).at(-1) ?? `no ${kind}`;
const enough = (): ScriptStep => ({ text: "ENOUGH" });

describe("what a model is asked", () => {
  test("has tokens for personal data; tools and people get the values", async () => {
    const { talk, requests, seen } = await openWith([
      (request) => ({
        calls: [
          {
            tool: "keep_contact",
            input: { iban: token(request, "iban"), phones: [token(request, "phone").toUpperCase()] },
          },
        ],
      }),
      // Streamed in pieces that cut the token.
      (request) => {
        const written = token(request, "iban");
        return { text: ["I kept ", written.slice(0, 7), written.slice(7), " for you."] };
      },
    ]);
    const { reply, signals } = await talk.say(`Keep ${IBAN} and ${PHONE} for Ben`);
    expect(given).toEqual([{ input: { iban: IBAN, phones: [PHONE] }, isSaid: true }]);
    expect(reply.text).toBe(`I kept ${IBAN} for you.`);
    expect(signals.flatMap((one) => (one.type === "delta" ? [one.text] : [])).join("")).toBe(reply.text);
    for (const value of [IBAN, PHONE, OWN_CARD, IBAN.replaceAll(" ", "")]) expect(seen()).not.toContain(value);
    // What the tool gave is masked as well.
    expect(tokensIn(requests.at(-1) ?? { messages: [], tools: [] }, "card")).toHaveLength(1);
  });

  test("has other tokens in the next turn, for what was said before too", async () => {
    const { talk, requests, seen } = await openWith([
      enough,
      () => ({ text: "Fine." }),
      enough,
      () => ({ text: "Yes." }),
    ]);
    await talk.say(`My IBAN is ${IBAN}`);
    await talk.say(`Is it still ${IBAN}?`);
    const [first, , third] = requests;
    if (first === undefined || third === undefined) throw new Error("expected three requests");
    const [before, now] = [tokensIn(first, "iban"), tokensIn(third, "iban")];
    expect(new Set(now).size).toBe(1);
    expect(now.length).toBeGreaterThan(1);
    expect(before).not.toContain(now[0]);
    expect(seen()).not.toContain(IBAN);
  });

  test("reveals nothing by a token that somebody types or a model invents", async () => {
    let leaked = "";
    const { talk } = await openWith([
      (request) => {
        leaked = token(request, "iban");
        return { text: "ENOUGH" };
      },
      () => ({ text: "Fine." }),
      enough,
      () => ({ text: `You wrote ${leaked} and iban_aaaaaaaa.` }),
    ]);
    await talk.say(`My IBAN is ${IBAN}`, { history: [] });
    const { reply } = await talk.say(`What is ${leaked}?`, { history: [] });
    expect(reply.text).not.toContain("0532");
  });

  test("is remembered by its value", async () => {
    const { talk } = await openWith([
      (request) => ({ calls: [{ tool: "remember_fact", input: { key: "mail", value: token(request, "email") } }] }),
      () => ({ text: "I will remember it." }),
    ]);
    await talk.say(`Please remember that my mail is ${MAIL}`);
    expect(talk.memory()).toMatchObject([{ key: "mail", value: MAIL }]);
  });

  test("is masked in remembered facts, files, what is referred to and in shortened histories", async () => {
    const { talk, seen } = await openWith([enough, () => ({ text: "Fine." })]);
    await talk.say("and now?", {
      memory: [{ key: "iban", value: IBAN, at: "" }],
      summary: `They gave ${PHONE}.\nAnd ${OWN_CARD}`,
      history: [{ role: "assistant", text: `Yours ends so:\n${IBAN}`, at: "" }],
      attachments: [
        {
          ...Attachment.parse({ id: "f", kind: "document", name: "a.txt" }),
          text: `x
${IBAN}
y`,
        },
      ],
    });
    for (const value of [IBAN, PHONE, OWN_CARD]) expect(seen()).not.toContain(value);
  });

  test("shows all where the bot says so", async () => {
    const { talk, seen } = await openWith([enough, () => ({ text: "Fine." })], true);
    await talk.say(`My IBAN is ${IBAN}`);
    expect(seen()).toContain(IBAN);
  });
});

describe("a mask", () => {
  test("gives the same value the same token, and takes it back in any case", () => {
    const mask = createPromptMask();
    const [first, second] = mask.hide(`${IBAN}, again ${IBAN}`).split(", again ");
    expect(first).toBe(second);
    expect(first).toMatch(/^iban_[a-z2-9]{8}$/u);
    expect(mask.reveal(`x ${first?.toUpperCase()}.`)).toBe(`x ${IBAN}.`);
  });

  test("shows words at once while there is nothing to hide, and keeps no word back at the end", () => {
    const shown: string[] = [];
    const show = { text: (piece: string) => void shown.push(piece), takeBack: () => void shown.splice(0) };
    const plain = createPromptMask().revealing(show);
    plain.text("Hel");
    expect(shown).toEqual(["Hel"]);
    const mask = createPromptMask();
    const written = mask.hide(IBAN);
    const revealing = mask.revealing(show);
    for (const piece of [" to ", written.slice(0, 3), written.slice(3, 9), written.slice(9), " no", "w"])
      revealing.text(piece);
    revealing.finish();
    expect(shown.join("")).toBe(`Hel to ${IBAN} now`);
  });
});
