/**
 * First answers to commands, buttons, menus and forms: Discord waits three seconds for them.
 *
 * The event is handed in first. Is it durable in time, the first answer says so; is the queue slow, the answer goes out
 * before it; is the queue away, the person is told, and nobody else.
 */
import type { Client } from "discord.js";
import { LRUCache } from "lru-cache";
import type { AdapterContext, Normalized } from "../../../adapter.ts";
import { describeError, within } from "../../../adapter.ts";
import { normalizeDiscord } from "../normalize.ts";
import { spentComponents } from "../render.ts";
import type { DiscordSettings } from "../settings.ts";
import { type About, Interaction, Reference } from "./payloads.ts";
import { type Discord, identityOf } from "./library.ts";

/** The queue has this long before the first answer goes out without it. */
const ACCEPT_WITHIN_MS = 1_500;
const EPHEMERAL = 64;
const MAX_ASKED = 500;
const BUSY = "I could not take this just now. Please try again in a moment.";
const UNKNOWN = "This is not available any more.";

/** Types of interactions, and of first answers. */
const INTERACTION = { command: 2, suggestions: 4 } as const;
const MESSAGE_MENU = 3;
const ANSWER = { message: 4, defer: 5, deferUpdate: 6, update: 7, suggestions: 8, form: 9 } as const;

export interface Answers {
  /** Takes the payload of one `INTERACTION_CREATE`. */
  readonly handle: (data: unknown, about: About) => Promise<void>;
  /** Resolves when the first answer is out, or has failed; at once for interactions of other processes. */
  readonly acknowledged: (interactionId: string) => Promise<void>;
  /** Resolves when no first answer is on its way. */
  readonly settled: () => Promise<void>;
}

export interface AnswersOptions {
  readonly discord: Discord;
  readonly client: Pick<Client, "rest" | "user">;
  readonly applicationId: string;
  readonly context: Pick<AdapterContext<DiscordSettings>, "accept" | "log" | "settings">;
}

interface Answering extends AnswersOptions {
  /** Messages that forms were opened on, by id: a filled form does not bring its message. */
  readonly asked: LRUCache<string, object>;
}

export function createAnswers(options: AnswersOptions): Answers {
  const answering: Answering = { ...options, asked: new LRUCache({ max: MAX_ASKED }) };
  const { log, accept } = options.context;
  const pending = new Map<string, Promise<void>>();
  return {
    handle: async (data, about) => {
      const parsed = Interaction.safeParse(data);
      if (!parsed.success) return void (await accept({ ignored: "an interaction of another shape than known" }));
      const { id } = parsed.data;
      // A session that is resumed may bring it twice.
      if (pending.has(id)) return;
      const done = react(answering, { interaction: parsed.data, data, about }).catch((thrown: unknown) =>
        log.warn({ error: describeError(thrown), interaction: id }, "Discord did not take the first answer in time"),
      );
      pending.set(id, done);
      await done;
      pending.delete(id);
    },
    acknowledged: async (id) => await pending.get(id),
    settled: async () => void (await Promise.all(pending.values())),
  };
}

interface Arrived {
  readonly interaction: Interaction;
  readonly data: unknown;
  readonly about: About;
}

async function react(answering: Answering, { interaction, data, about }: Arrived): Promise<void> {
  const { settings, accept } = answering.context;
  const { type, data: asks } = interaction;
  if (type === INTERACTION.suggestions)
    return await answer(answering, interaction, ANSWER.suggestions, { choices: [] });
  if (type === INTERACTION.command && asks?.type === MESSAGE_MENU && asks.name === settings.messageMenu)
    return await openForm(answering, interaction);
  const asked = answering.asked.get(asks?.custom_id?.split("|")[1] ?? "");
  const known = asked === undefined ? about : { ...about, asked };
  const normalized = normalizeDiscord(
    { t: "INTERACTION_CREATE", d: data, about: known },
    { settings, identity: identityOf(answering.client) },
  );
  if ("event" in normalized) return await take(answering, interaction, normalized);
  await answer(answering, interaction, ANSWER.message, { content: UNKNOWN, flags: EPHEMERAL });
  await accept(normalized);
}

async function take(
  answering: Answering,
  interaction: Interaction,
  normalized: Extract<Normalized, { readonly event: unknown }>,
): Promise<void> {
  const { accept, log } = answering.context;
  const reference = Reference.parse(normalized.event.reference ?? {});
  const handedIn = accept(normalized).then(
    () => true,
    (thrown: unknown) => {
      log.warn({ error: describeError(thrown) }, "an interaction of Discord could not be handed in");
      return false;
    },
  );
  const inTime = (await within(async () => await handedIn, { ms: ACCEPT_WITHIN_MS }))?.value;
  if (inTime === false)
    return await answer(answering, interaction, ANSWER.message, { content: BUSY, flags: EPHEMERAL });
  const spent = spentBy(interaction, reference);
  if (reference.interaction?.kind !== "pressed")
    await answer(answering, interaction, ANSWER.defer, reference.isPrivate ? { flags: EPHEMERAL } : {});
  else if (spent !== undefined && inTime === true)
    await answer(answering, interaction, ANSWER.update, { components: spent });
  else await answer(answering, interaction, ANSWER.deferUpdate);
  if (inTime === true) return;
  if (!(await handedIn)) return await apologise(answering, interaction, reference);
  if (spent !== undefined) await changeOriginal(answering, interaction, { components: spent });
}

async function answer(
  { client, discord }: Answering,
  { id, token }: Interaction,
  type: number,
  data?: unknown,
): Promise<void> {
  const body = { type, ...(data === undefined ? {} : { data }) };
  await client.rest.post(discord.Routes.interactionCallback(id, token), { auth: false, body });
}

async function changeOriginal(
  { client, discord, applicationId }: Answering,
  { token }: Interaction,
  body: unknown,
): Promise<void> {
  const address = discord.Routes.webhookMessage(applicationId, token, "@original");
  await client.rest.patch(address, { auth: false, body });
}

/** After a deferred answer: in its place where only the person sees it, else in a message of their own. */
async function apologise(
  answering: Answering,
  interaction: Interaction,
  { interaction: answered, isPrivate }: Reference,
): Promise<void> {
  const { client, discord, applicationId } = answering;
  const isDeferred = answered?.kind === "deferred";
  if (isDeferred && isPrivate) return await changeOriginal(answering, interaction, { content: BUSY });
  if (isDeferred) {
    const original = discord.Routes.webhookMessage(applicationId, interaction.token, "@original");
    await client.rest.delete(original, { auth: false });
  }
  const body = { content: BUSY, flags: EPHEMERAL };
  await client.rest.post(discord.Routes.webhook(applicationId, interaction.token), { auth: false, body });
}

/** Asks for the question about a message. */
async function openForm(answering: Answering, interaction: Interaction): Promise<void> {
  const { asked } = answering;
  const { data, id } = interaction;
  const messageId = data?.target_id ?? "";
  const message = data?.resolved?.messages?.[messageId];
  if (message !== undefined) asked.set(messageId, message);
  const input = { type: 4, custom_id: `question|${id}`, label: "Your question", style: 2, required: false };
  await answer(answering, interaction, ANSWER.form, {
    custom_id: `ask|${messageId}`,
    title: "Ask about this message",
    components: [{ type: 1, components: [{ ...input, max_length: 2_000 }] }],
  });
}

/** The buttons of a message once the person they were for has pressed one; undefined for anybody else. */
function spentBy({ message, data }: Interaction, { isPrivate }: Reference): readonly unknown[] | undefined {
  if (message === undefined || isPrivate || data?.custom_id === undefined) return undefined;
  return spentComponents(message.components, data.custom_id, data.values);
}
