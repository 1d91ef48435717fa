import { Command, CommanderError } from "commander";
import { expect, it } from "vitest";
import { addListCommand } from "./list-command.ts";

/** What a line that is typed behind the group's name does. */
function typed(...words: readonly string[]): { readonly listed: number; readonly told: string } {
  let listed = 0;
  let told = "";
  const output = { writeErr: (text: string): void => void (told += text) };
  const group = new Command("orders").exitOverride().configureOutput(output);
  addListCommand(group, "lists them").action(() => void (listed += 1));
  group.command("show <id>").action(() => undefined);
  try {
    group.parse(words, { from: "user" });
  } catch (error) {
    expect(error).toBeInstanceOf(CommanderError);
  }
  return { listed, told };
}

it("lists for the bare group, and says that a word is no command", () => {
  expect(typed()).toEqual({ listed: 1, told: "" });
  expect(typed("list")).toEqual({ listed: 1, told: "" });
  expect(typed("shwo", "7")).toEqual({
    listed: 0,
    told: "error: unknown command 'shwo'; did you mean show?\n",
  });
  expect(typed("everything").told).toBe("error: unknown command 'everything'; parley orders has: list, show\n");
});
