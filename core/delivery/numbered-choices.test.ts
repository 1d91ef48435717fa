import { describe, expect, it } from "vitest";
import { deliverySetup, testEntry } from "../../test/support/delivery-setup.ts";
import { conversationId } from "../conversation-id.ts";
import { createChoiceLists, readNumber, recallChoices } from "./numbered-choices.ts";

const choices = [
  { id: "loans", label: "Loans", value: "Tell me about loans" },
  { id: "confirm:p1", label: "Confirm", value: "yes" },
  { id: "cards", label: "Cards", value: "Tell me about cards" },
];

describe("readNumber", () => {
  const remembered = choices.filter((choice) => !choice.id.startsWith("confirm:"));

  it.each(["2", " 2 ", "2.", "2)", "(2)", "#2", "２", "2️⃣"])("reads %j as the second choice", (text) => {
    expect(readNumber(text, remembered)?.id).toBe("cards");
  });

  it.each(["0", "3", "-2", "2.5", "22", "two", "2 cards", "transfer 2", "", "2222222222222222222222"])(
    "reads nothing from %j",
    (text) => {
      expect(readNumber(text, remembered)).toBeUndefined();
    },
  );
});

describe("numbered lists", () => {
  it("are remembered before they are seen, without confirmations", async () => {
    const { outbox, platform, handler } = await deliverySetup();
    const entry = testEntry({ reply: { choices } });
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1")[0]?.text).toContain("2\\. Cards".replace("\\", ""));
    expect(platform.seen("c1")[0]?.text).not.toContain("Confirm");
    const remembered = await recallChoices(outbox.broker, entry.conversation);
    expect(remembered?.map((choice) => choice.id)).toEqual(["loans", "cards"]);
  });

  it("end with the next turn's reply", async () => {
    const { outbox, handler } = await deliverySetup();
    await outbox.deliver(testEntry({ reply: { choices } }), handler);
    const entry = testEntry({ eventId: "event-2" });
    await outbox.deliver(entry, handler);
    expect(await recallChoices(outbox.broker, entry.conversation)).toBeUndefined();
  });

  it("are not made where there are buttons", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { choices: { max: 25, labelMaxLength: 80 } },
    });
    const entry = testEntry({ reply: { choices } });
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1")[0]?.choices).toHaveLength(3);
    expect(await recallChoices(outbox.broker, entry.conversation)).toBeUndefined();
  });
});

describe("the lists of an account", () => {
  const conversation = conversationId({ platform: "test", account: "main", chat: "1" });
  const shown = [{ id: "a", label: "A", value: "a" }];

  function broker() {
    const values = new Map<string, string>();
    let asked = 0;
    return {
      values,
      asked: () => asked,
      remember: async (key: string, value: string) => void values.set(key, value),
      recall: async (key: string) => {
        asked += 1;
        return values.get(key);
      },
    };
  }

  it("end with the next reply, and are asked for once in a period of ownership", async () => {
    const memory = broker();
    const lists = createChoiceLists(memory);
    const period = {};
    await lists.show(conversation, shown);
    await lists.end(conversation, period);
    await lists.end(conversation, period);
    expect(await recallChoices(memory, conversation)).toBeUndefined();
    expect(memory.asked()).toBe(2);
    await lists.show(conversation, shown);
    await lists.end(conversation, period);
    expect(await recallChoices(memory, conversation)).toBeUndefined();
  });

  it("that another process showed meanwhile end, too", async () => {
    const memory = broker();
    const lists = createChoiceLists(memory);
    await lists.end(conversation, {});
    await createChoiceLists(memory).show(conversation, shown);
    await lists.end(conversation, {});
    expect(await recallChoices(memory, conversation)).toBeUndefined();
  });
});
