import { Api } from "grammy";
import type { MessageEntity } from "grammy/types";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTelegramLocally } from "./index.ts";

const open = async () => {
  const platform = await openTelegramLocally();
  onTestFinished(platform.close);
  const ann = platform.person("ann");
  const api = new Api(platform.token, { apiRoot: platform.url });
  return { platform, ann, chat: Number(ann.id), api };
};
const refusal = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => expect.fail("the call was not refused"),
    (thrown: unknown) => String(thrown instanceof Error ? thrown.message : thrown),
  );
const bold = (offset: number, length: number): MessageEntity => ({ type: "bold", offset, length });

describe("the local Bot API refuses", () => {
  it.each([
    ["what is too long", "x".repeat(4_097), [], "message is too long"],
    ["what is empty", "  ", [], "message text is empty"],
    ["an entity behind the end", "abc", [bold(2, 5)], "can't parse entities"],
    ["an entity that cuts a surrogate pair", "a👍b", [bold(0, 2)], "can't parse entities"],
    ["entities that overlap", "abcdef", [bold(0, 4), { type: "italic", offset: 2, length: 4 }], "can't parse entities"],
    ["bold code", "abc", [bold(0, 3), { type: "code", offset: 0, length: 3 }], "can't parse entities"],
    ["a link to nowhere", "abc", [{ type: "text_link", offset: 0, length: 3, url: "nowhere" }], "can't parse entities"],
  ] as const)("%s", async (_, text, entities, words) => {
    const { api, chat, ann } = await open();
    expect(await refusal(api.sendMessage(chat, text, { entities: [...entities] }))).toContain(words);
    expect(ann.sees()).toEqual([]);
  });

  it("markup in the text itself: adapters send entities", async () => {
    const { api, chat } = await open();
    expect(await refusal(api.sendMessage(chat, "<b>x</b>", { parse_mode: "HTML" }))).toContain(
      "unsupported parse_mode",
    );
  });

  it("button data of more than 64 bytes, unknown chats, methods, reactions and tokens", async () => {
    const { api, chat, platform } = await open();
    const keyboard = { inline_keyboard: [[{ text: "A", callback_data: "x".repeat(65) }]] };
    expect(await refusal(api.sendMessage(chat, "x", { reply_markup: keyboard }))).toContain("BUTTON_DATA_INVALID");
    expect(await refusal(api.sendMessage(5, "x"))).toContain("chat not found");
    platform.withdraw("getMe");
    expect(await refusal(api.getMe())).toContain("404");
    expect(await refusal(new Api("1:wrong", { apiRoot: platform.url }).getMyCommands())).toContain("401");
    expect(platform.refusedCalls()).toHaveLength(3);
  });

  it("a flood, and says how long to wait", async () => {
    const { api, chat } = await open();
    for (let index = 0; index < 20; index += 1) await api.sendMessage(chat, `message ${index}`);
    await expect(api.sendMessage(chat, "one too many")).rejects.toMatchObject({
      error_code: 429,
      parameters: { retry_after: 1 },
    });
  });
});

describe("the local Telegram", () => {
  it("shows entities and finds commands and mentions by itself", async () => {
    const { api, chat, ann } = await open();
    const sent = await api.sendMessage(chat, "Type /help or ask @anna_w & @nobody", {
      entities: [bold(0, 4), { type: "code", offset: 28, length: 7 }],
    });
    expect(sent.text).toBe("Type /help or ask @anna_w & @nobody");
    expect(sent.entities?.map(({ type }) => type)).toEqual(["bold", "bot_command", "mention", "code"]);
    expect(ann.sees()[0]?.html).toContain("<b>Type</b>");
  });

  it("keeps the rule of privacy mode: in a group a bot hears what is meant for it", async () => {
    const { platform, ann, api } = await open();
    const { id } = await platform.group("Friends", [ann]);
    await ann.say("among ourselves", { chat: id });
    await ann.say("hello", { chat: id, mentionBot: true });
    await api.setMyCommands([{ command: "help", description: "Help" }]);
    await ann.command("help", "", { chat: id });
    const updates = await api.getUpdates();
    expect(
      updates.map(({ message, my_chat_member: member }) => message?.text ?? member?.new_chat_member.status),
    ).toEqual(["member", "@parley_local_bot hello", "/help@parley_local_bot"]);
  });

  it("ends the older of two polls with 409, and offers what was not confirmed", async () => {
    const { platform, ann, api } = await open();
    const older = api.getUpdates({ timeout: 5 });
    await expect.poll(() => platform.calls().length).toBe(1);
    const newer = api.getUpdates({ timeout: 5 });
    expect(await refusal(older)).toContain("409");
    await ann.say("hello");
    const [update] = await newer;
    expect(await api.getUpdates()).toHaveLength(1);
    expect(await api.getUpdates({ offset: (update?.update_id ?? 0) + 1 })).toHaveLength(0);
  });

  it("cuts the caption of a file at 1024, and gives its bytes back only with the token", async () => {
    const { platform, ann, api } = await open();
    await ann.say("", { files: [{ name: "a.txt", mediaType: "text/plain", bytes: Buffer.from("abc") }] });
    const [update] = await api.getUpdates();
    const { file_path: path = "" } = await api.getFile(update?.message?.document?.file_id ?? "");
    expect(await (await fetch(`${platform.url}/file/bot${platform.token}/${path}`)).text()).toBe("abc");
    expect((await fetch(`${platform.url}/file/bot1:wrong/${path}`)).status).toBe(404);
  });

  it("shows a pressed button as busy until the bot answers, with its notice", async () => {
    const { ann, api, chat } = await open();
    const keyboard = { inline_keyboard: [[{ text: "A", callback_data: "a" }]] };
    const { message_id: id } = await api.sendMessage(chat, "Which?", { reply_markup: keyboard });
    const pressed = ann.press(String(id), "A");
    const [update] = await api.getUpdates();
    await api.answerCallbackQuery(update?.callback_query?.id ?? "", { text: "Noted" });
    expect(await pressed).toMatchObject({ acknowledged: true, notice: "Noted" });
    await expect(ann.press(String(id), "B")).rejects.toThrow(/shows no button "B"/u);
  });
});
