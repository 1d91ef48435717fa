/**
 * Commands, buttons, menus and forms: Discord waits three seconds for a first answer.
 *
 * The event is handed in first. Is it durable in time, the first answer says so; is the queue slow, the answer goes out
 * before it; is the queue away, the person is told, and nobody else.
 */
import type { Client } from "discord.js";
import { z } from "zod";
import type { AdapterContext, Normalized } from "../../core/adapter.ts";
import { realSleep } from "../../core/delivery/index.ts";
import { describeError } from "../../core/errors.ts";
import { type About, Interaction, normalizeDiscord, Reference } from "./normalize.ts";
import { spentComponents } from "./send.ts";
import type { DiscordSettings } from "./settings.ts";

type Discord = typeof import("discord.js");

/** The queue has this long before the first answer goes out without it. */
const ACCEPT_WITHIN_MS = 1_500;
const EPHEMERAL = 64;
const MAX_ASKED = 500;
const BUSY = "I could not take this just now. Please try again in a moment.";
const UNKNOWN = "This is not available any more.";

/** Types of a first answer. */
const ANSWER = { message: 4, defer: 5, deferUpdate: 6, update: 7, suggestions: 8, form: 9 } as const;

const Registered = z.array(
  z.object({
    type: z.number().default(1),
    name: z.string(),
    description: z.string().default(""),
    options: z
      .array(
        z.object({ type: z.number(), name: z.string(), description: z.string(), required: z.boolean().default(false) }),
      )
      .default([]),
  }),
);
type Registered = z.infer<typeof Registered>;

export interface Interactions {
  /** Takes the payload of one `INTERACTION_CREATE`. */
  readonly handle: (data: unknown, about: About) => Promise<void>;
  /** Resolves when the first answer is out, or has failed; at once for interactions of other processes. */
  readonly acknowledged: (interactionId: string) => Promise<void>;
  /** Resolves when no first answer is on its way. */
  readonly settled: () => Promise<void>;
  /** Tells Discord the bot's commands, if it knows others. */
  readonly registerCommands: () => Promise<void>;
}

export interface InteractionsOptions {
  readonly discord: Discord;
  readonly client: Client;
  readonly applicationId: string;
  readonly context: Pick<AdapterContext<DiscordSettings>, "accept" | "commands" | "log" | "settings">;
}

export function createInteractions(options: InteractionsOptions): Interactions {
  const { context, client, discord, applicationId } = options;
  const { settings, log, accept } = context;
  const { rest } = client;
  const { Routes } = discord;
  const pending = new Map<string, Promise<void>>();
  const asked = new Map<string, NonNullable<About["asked"]>>();

  const answer = async ({ id, token }: Interaction, type: number, data?: unknown): Promise<void> => {
    await rest.post(Routes.interactionCallback(id, token), {
      auth: false,
      body: { type, ...(data === undefined ? {} : { data }) },
    });
  };

  /** After a deferred answer: in its place where only the person sees it, else in a message of their own. */
  const apologise = async ({ token }: Interaction, { interaction, isPrivate }: Reference): Promise<void> => {
    const original = Routes.webhookMessage(applicationId, token, "@original");
    if (interaction?.kind === "deferred" && isPrivate) {
      await rest.patch(original, { auth: false, body: { content: BUSY } });
      return;
    }
    if (interaction?.kind === "deferred") await rest.delete(original, { auth: false });
    await rest.post(Routes.webhook(applicationId, token), { auth: false, body: { content: BUSY, flags: EPHEMERAL } });
  };

  const take = async (interaction: Interaction, normalized: Normalized, reference: Reference): Promise<void> => {
    const handedIn = accept(normalized).then(
      () => true,
      (thrown: unknown) => {
        log.warn({ error: describeError(thrown) }, "an interaction of Discord could not be handed in");
        return false;
      },
    );
    const inTime = await Promise.race([handedIn, realSleep(ACCEPT_WITHIN_MS).then(() => undefined)]);
    if (inTime === false) return await answer(interaction, ANSWER.message, { content: BUSY, flags: EPHEMERAL });
    const spent = spentBy(interaction, reference);
    const isPressed = reference.interaction?.kind === "pressed";
    if (!isPressed) await answer(interaction, ANSWER.defer, reference.isPrivate ? { flags: EPHEMERAL } : {});
    else if (spent !== undefined && inTime === true) await answer(interaction, ANSWER.update, { components: spent });
    else await answer(interaction, ANSWER.deferUpdate);
    if (inTime === true) return;
    if (!(await handedIn)) return await apologise(interaction, reference);
    if (spent === undefined) return;
    const original = Routes.webhookMessage(applicationId, interaction.token, "@original");
    await rest.patch(original, { auth: false, body: { components: spent } });
  };

  /** Asks for the question about a message. */
  const openForm = async (interaction: Interaction): Promise<void> => {
    const { data, id } = interaction;
    const messageId = data?.target_id ?? "";
    const message = data?.resolved?.messages?.[messageId];
    if (message !== undefined)
      asked.set(messageId, { id: messageId, userId: message.author.id, text: message.content });
    const [oldest] = asked.keys();
    if (asked.size > MAX_ASKED && oldest !== undefined) asked.delete(oldest);
    const input = {
      type: 4,
      custom_id: `question|${id}`,
      label: "Your question",
      style: 2,
      required: false,
      max_length: 2_000,
    };
    const form = {
      custom_id: `ask|${messageId}`,
      title: "Ask about this message",
      components: [{ type: 1, components: [input] }],
    };
    await answer(interaction, ANSWER.form, form);
  };

  const react = async (interaction: Interaction, data: unknown, about: About): Promise<void> => {
    if (interaction.type === 4) return await answer(interaction, ANSWER.suggestions, { choices: [] });
    if (interaction.type === 2 && interaction.data?.type === 3 && interaction.data.name === settings.messageMenu)
      return await openForm(interaction);
    const askedAbout = asked.get(interaction.data?.custom_id?.split("|")[1] ?? "");
    const known = askedAbout === undefined ? about : { ...about, asked: askedAbout };
    const normalized = normalizeDiscord({ t: "INTERACTION_CREATE", d: data, about: known }, { settings });
    if ("event" in normalized)
      return await take(interaction, normalized, Reference.parse(normalized.event.reference ?? {}));
    await answer(interaction, ANSWER.message, { content: UNKNOWN, flags: EPHEMERAL });
    await accept(normalized);
  };

  return {
    handle: async (data, about) => {
      const parsed = Interaction.safeParse(data);
      if (!parsed.success) return void (await accept({ ignored: "an interaction of another shape than known" }));
      const { id } = parsed.data;
      // A session that is resumed may bring it twice.
      if (pending.has(id)) return;
      const done = react(parsed.data, data, about).catch((thrown: unknown) => {
        log.warn(
          { error: describeError(thrown), interaction: id },
          "Discord did not take the first answer to an interaction",
        );
      });
      pending.set(id, done);
      await done;
      pending.delete(id);
    },
    acknowledged: async (id) => await pending.get(id),
    settled: async () => void (await Promise.all(pending.values())),
    registerCommands: async () => {
      const address = Routes.applicationCommands(applicationId);
      const wanted = wantedCommands(context);
      const known = Registered.parse(await rest.get(address));
      if (signatureOf(known) === signatureOf(Registered.parse(wanted))) return;
      await rest.put(address, { body: wanted });
    },
  };
}

/** The buttons of a message once one of them was pressed by the person they were for; undefined for anybody else. */
function spentBy({ message, data }: Interaction, { isPrivate }: Reference): readonly unknown[] | undefined {
  if (message === undefined || isPrivate || data?.custom_id === undefined) return undefined;
  return spentComponents(message.components, data.custom_id, data.values);
}

/** Slash commands in servers and direct chats, and the entry in a message's menu. */
function wantedCommands({ commands, settings }: InteractionsOptions["context"]): readonly Record<string, unknown>[] {
  const everywhere = { integration_types: [0], contexts: [0, 1] };
  const slash = commands.map(({ name, description, argument }) => ({
    type: 1,
    name,
    description: description.slice(0, 100),
    ...everywhere,
    ...(argument === undefined
      ? {}
      : {
          options: [
            {
              type: 3,
              name: argument.name,
              description: argument.description.slice(0, 100),
              required: argument.required,
            },
          ],
        }),
  }));
  return settings.messageMenu === false ? slash : [...slash, { type: 3, name: settings.messageMenu, ...everywhere }];
}

function signatureOf(commands: Registered): string {
  return JSON.stringify(
    commands.toSorted((left, right) => `${left.type}${left.name}`.localeCompare(`${right.type}${right.name}`)),
  );
}
