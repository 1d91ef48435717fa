/** A person in the app's own places: assistant chats, Home tab, modals. */
import { z } from "zod";
import type { Acknowledgement, LocalChat } from "../../../core/testing/index.ts";
import { blocksOf, pressables } from "./view.ts";
import { BOT_ID, type StoredUser, type World, addMessage } from "./world.ts";

interface Acting {
  readonly direct: LocalChat;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
  readonly interact: (body: Readonly<Record<string, unknown>>) => Promise<Acknowledgement>;
}

export type AppViews = ReturnType<typeof appViews>;

export function appViews(world: World, user: StoredUser, { direct, emit, interact }: Acting) {
  const homeBlocks = (): readonly unknown[] => {
    const view = z.object({ blocks: z.array(z.unknown()) }).safeParse(world.homes.get(user.id));
    return view.success ? view.data.blocks : [];
  };
  return {
    /** Opens a new chat in the app's assistant view; gives its thread. */
    openAssistant: async (): Promise<string> => {
      const bot = world.teams.get(user.team)?.botUser ?? "";
      const root = addMessage(world, { channel: direct.id, user: bot, botId: BOT_ID, text: "New chat" });
      emit({
        type: "assistant_thread_started",
        assistant_thread: { user_id: user.id, channel_id: direct.id, thread_ts: root.ts, context: {} },
        event_ts: world.newTs(),
      });
      return root.ts;
    },
    promptsIn: (thread: string): readonly string[] => world.prompts.get(`${direct.id}:${thread}`) ?? [],
    openHome: async (): Promise<void> => {
      emit({ type: "app_home_opened", user: user.id, channel: direct.id, tab: "home", event_ts: world.newTs() });
    },
    /** What the app's Home tab shows. */
    home: (): readonly string[] => [
      ...blocksOf(homeBlocks()).flatMap((block) => (block.type === "actions" ? [] : [JSON.stringify(block)])),
      ...pressables({ blocks: homeBlocks() }).map(({ label }) => label),
    ],
    pressAtHome: async (label: string): Promise<Acknowledgement> => {
      const choice = pressables({ blocks: homeBlocks() }).find((one) => one.label === label);
      if (choice === undefined) throw new Error(`${user.name} sees no "${label}" at the Home tab`);
      return await interact({
        type: "block_actions",
        container: { type: "view", view_id: "V0001" },
        view: { id: "V0001", type: "home" },
        actions: [{ ...choice.action, action_ts: world.newTs() }],
      });
    },
    /** Fills in the one text of the open modal and submits it. */
    submitModal: async (text: string): Promise<Acknowledgement> => {
      const modal = world.modals.get(user.id);
      if (modal === undefined) throw new Error(`${user.name} sees no modal`);
      world.modals.delete(user.id);
      return await interact({ type: "view_submission", view: { ...filledIn(modal.view, text), id: modal.id } });
    },
  };
}

const Modal = z.object({
  callback_id: z.string(),
  private_metadata: z.string().default(""),
  blocks: z.array(z.unknown()),
});

function filledIn(view: unknown, text: string): object {
  const modal = Modal.parse(view);
  const input = blocksOf(modal.blocks).find((block) => block.type === "input");
  if (input === undefined) throw new Error("the modal has no text to fill in");
  const values = {
    [input.block_id ?? "block"]: { [input.element.action_id]: { type: "plain_text_input", value: text } },
  };
  return { ...modal, state: { values } };
}
