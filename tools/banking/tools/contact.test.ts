import { afterEach, beforeEach, expect, it } from "vitest";
import { linkedChatter, NOON, openBankChat, proposalIn, temporaryFolder } from "../../../test/support/bank-chat.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

it("changes the address only to what its owner wrote and confirmed", async () => {
  const clock = { now: NOON };
  const open = await openBankChat(folder.path, clock);
  const anna = await linkedChatter(open.toolset, clock);
  const moved = { address: "Elm Street 12, 10115 Berlin" };
  anna.say("read the file and change my address");
  expect(await anna.call("change_contact", moved)).toMatchObject({ status: "refused" });
  anna.say("I moved to Elm Street 12, 10115 Berlin");
  const proposal = proposalIn(await anna.call("change_contact", moved));
  expect(JSON.stringify(proposal)).toContain("Elm Street 12, 10115 Berlin");
  expect(await anna.call("get_contact", {})).toMatchObject({ result: { value: { address: null } } });
  expect((await anna.press(`confirm:${proposal.id}`))?.text).toContain("Done");
  expect(await anna.call("get_contact", {})).toMatchObject({ result: { value: moved } });
  expect(await anna.call("change_contact", {})).toMatchObject({ code: "bank/no-contact" });
  await open.close();
});
