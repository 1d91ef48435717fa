/**
 * Deliberate bugs of the toy adapter, each with the case of the kit that must catch it: the proof that the kit sees what
 * it says it sees. Whoever adds a case adds the bug that it is for.
 */
import { z } from "zod";
import type { Adapter, AdapterSession, AnyAdapter, Capabilities, EventDraft, Normalized } from "../../adapter.ts";
import {
  AmbiguousSendError,
  defineAdapter,
  FileRefusedError,
  MarkupRefusedError,
  ParleyError,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  TransientSendError,
} from "../../adapter.ts";
import { connectToy, toy, type ToyPayload, ToySettings } from "./toy/adapter.ts";

type Toy = Adapter<ToySettings, ToyPayload>;
type Context = Parameters<Toy["connect"]>[0];
type Session = AdapterSession<ToyPayload>;
type Change = (toy: Toy) => Toy;

export interface Mutant {
  /** What is wrong with it. */
  readonly bug: string;
  /** The case that must fail, as `group: name`. */
  readonly caughtBy: string;
  readonly adapter: AnyAdapter;
}

// What a mutant changes.

const manifest =
  (fields: Partial<Toy["manifest"]>): Change =>
  (one) => ({ ...one, manifest: { ...one.manifest, ...fields } });

const capabilities = (fields: Partial<Capabilities>): Change =>
  manifest({ capabilities: { ...toy.manifest.capabilities, ...fields } });

/** What it hands in while it is connected. */
const handed =
  (change: (normalized: Normalized, raw: unknown) => Normalized): Change =>
  (one) =>
    context(({ accept }) => ({ accept: async (normalized, raw) => await accept(change(normalized, raw), raw) }))(one);

/** What `normalize` makes of a payload, everywhere. */
const normalized =
  (change: (normalized: Normalized, raw: unknown) => Normalized): Change =>
  (one) => ({ ...handed(change)(one), normalize: (raw, facts) => change(one.normalize(raw, facts), raw) });

/** The event of a payload, everywhere. */
const event = (change: (draft: EventDraft, raw: unknown) => EventDraft): Change =>
  normalized((made, raw) => ("ignored" in made ? made : { event: change(made.event, raw) }));

const rendered =
  (change: (parts: readonly ToyPayload[], plain: boolean) => readonly ToyPayload[]): Change =>
  (one) => ({
    ...one,
    render: (reply, options, settings) => {
      const made = one.render(reply, options, settings);
      return { ...made, parts: change(made.parts, options.plain) };
    },
  });

const texts = (change: (text: string, plain: boolean) => string): Change =>
  rendered((parts, plain) => parts.map((part) => ({ ...part, text: change(part.text, plain) })));

const context =
  (change: (given: Context) => Partial<Context>): Change =>
  (one) => ({ ...one, connect: async (given) => await one.connect({ ...given, ...change(given) }) });

const session =
  (change: (live: Session, given: Context) => Partial<Session>): Change =>
  (one) => ({
    ...one,
    connect: async (given) => {
      const live = await one.connect(given);
      return { ...live, ...change(live, given) };
    },
  });

const habits =
  (fields: Partial<Parameters<typeof connectToy>[1]>): Change =>
  (one) => ({
    ...one,
    connect: async (given) => await connectToy(given, { acknowledgesFirst: true, pollsAgain: true, ...fields }),
  });

/** Throws another error than it should. */
const failing = (is: (thrown: unknown) => boolean, instead: (thrown: unknown, given: Context) => Error): Change =>
  session(({ send }, given) => ({
    send: async (outgoing) => {
      try {
        return await send(outgoing);
      } catch (thrown) {
        throw is(thrown) ? instead(thrown, given) : thrown;
      }
    },
  }));

const nothing = async (): Promise<void> => {};
const permanent = (): Error => new PermanentSendError("Toy", "no");
const counter = { value: 0 };
const count = (): number => (counter.value += 1);

const mutant = (bug: string, caughtBy: string, change: Change): Mutant => ({
  bug,
  caughtBy,
  adapter: defineAdapter(change(toy)),
});

/** Fails the one message with these words, and goes on as if nothing had been. */
const losing = (lost: (thrown: unknown) => void): Change =>
  context(({ accept }) => ({
    accept: async (made, raw) => {
      try {
        return await accept(made, raw);
      } catch (thrown) {
        lost(thrown);
        return undefined;
      }
    },
  }));

const identity = [
  mutant("its platform's name has blanks", "identity: names the platform", manifest({ platform: "Toy Platform" })),
  mutant("it has no name to show", "identity: names the platform", manifest({ displayName: " " })),
  {
    bug: "it is written for another version of the contract",
    caughtBy: "identity: is written for this version of the contract",
    adapter: { ...defineAdapter(toy), manifest: { ...toy.manifest, apiVersion: toy.manifest.apiVersion + 1 } },
  },
  mutant("a misspelt setting is accepted", "identity: refuses settings it does not know", (one) => ({
    ...one,
    configSchema: z.object(ToySettings.shape),
  })),
  mutant(
    "people are known by their names",
    "identity: knows people by the platform's id, never by a name",
    event((draft) => ({ ...draft, user: { ...draft.user, id: draft.user.name ?? draft.user.id } })),
  ),
];

const inbound = [
  mutant(
    "words are changed to lower case",
    "inbound: maps fixture 1 (message) to a valid event of its user and words",
    event((draft) => (draft.type === "message" ? { ...draft, text: draft.text.toLowerCase() } : draft)),
  ),
  mutant(
    "the key is new each time",
    "inbound: is pure: the same payload gives the same event, and is left as it was",
    event((draft) => ({ ...draft, key: `${draft.key}:${count()}` })),
  ),
  mutant(
    "the payload is changed while it is read",
    "inbound: is pure: the same payload gives the same event, and is left as it was",
    normalized((made, raw) => {
      if (typeof raw === "object" && raw !== null) Reflect.set(raw, "read", true);
      return made;
    }),
  ),
  mutant(
    "the key is the chat's",
    "inbound: gives different events different keys, so that none is taken for a redelivery",
    event((draft) => ({ ...draft, key: draft.chat.id })),
  ),
  mutant(
    "it throws on what is no update",
    "inbound: ignores what it does not know with a named reason, and never throws",
    normalized((made) => {
      if ("ignored" in made) throw new TypeError("no update");
      return made;
    }),
  ),
  mutant(
    "it ignores without a reason",
    "inbound: ignores what it does not know with a named reason, and never throws",
    normalized((made) => ("ignored" in made ? { ignored: "" } : made)),
  ),
  mutant(
    "it throws on an unknown kind inside a valid envelope",
    "inbound: never throws on an unknown part inside a payload that it knows",
    normalized((made, raw) => {
      if ("ignored" in made && typeof raw === "object" && raw !== null && "kind" in raw && "chat" in raw)
        throw new TypeError("an unknown kind");
      return made;
    }),
  ),
  mutant("recorded fixtures have no kinds", "inbound: still knows its fixtures once they are redacted", (one) => ({
    ...one,
    safeParts: () => [],
  })),
  mutant("a message brings the one before once more", "inbound: hands in what a person says, in order", (one) => {
    const said = { before: "" };
    return handed((made) => {
      if ("ignored" in made || made.event.type !== "message") return made;
      const text = said.before + made.event.text;
      said.before = `${made.event.text} `;
      return { event: { ...made.event, text } };
    })(one);
  }),
  mutant(
    "tags are cut out of what people write",
    "inbound: keeps every character of what a person says",
    event((draft) => (draft.type === "message" ? { ...draft, text: draft.text.replaceAll(/<[^>]*>/gu, "") } : draft)),
  ),
  mutant(
    "the deduplication key is the text",
    "inbound: tells two messages with the same words apart",
    event((draft) => (draft.type === "message" ? { ...draft, key: `${draft.user.id}:${draft.text}` } : draft)),
  ),
  mutant(
    "its own echo is a person's message",
    "inbound: takes no message of its own for a person's",
    event(({ echo: _echo, ...draft }) => draft),
  ),
  mutant(
    "what people write is its own echo",
    "inbound: hands in what a person says, in order",
    event((draft) => ({ ...draft, echo: true })),
  ),
  mutant(
    "its own echo is a human who took over",
    "inbound: takes no message of its own for a person's",
    event(({ echo, ...draft }) => (echo === true ? { ...draft, operator: true } : draft)),
  ),
  mutant(
    "whoever writes has taken over",
    "inbound: takes no message of its own for a person's",
    event((draft) => ({ ...draft, operator: true })),
  ),
  mutant(
    "every room is a direct chat",
    "inbound: tells a room from a direct chat",
    event((draft) => ({ ...draft, chat: { ...draft.chat, type: "direct" } })),
  ),
  mutant(
    "every direct chat is a room",
    "inbound: tells a room from a direct chat",
    event((draft) => ({ ...draft, chat: { ...draft.chat, type: "group" } })),
  ),
  mutant(
    "nobody is told that it was added to a room",
    "inbound: tells that it was added to a room",
    handed((made) => ("event" in made && made.event.type === "membership" ? { ignored: "a membership" } : made)),
  ),
  mutant(
    "the thread of a question is lost",
    "inbound: hears where in a room it was asked, and answers there",
    event(({ chat: { thread: _thread, ...chat }, ...draft }) => ({ ...draft, chat })),
  ),
  mutant(
    "the answer goes to the room instead of the thread",
    "inbound: hears where in a room it was asked, and answers there",
    session(({ send }) => ({
      send: async ({ target: { thread: _thread, ...target }, ...outgoing }) => await send({ ...outgoing, target }),
    })),
  ),
  mutant(
    "an edit is one more message",
    "inbound: brings an edit with the message's id and its new words",
    handed((made) =>
      "event" in made && made.event.type === "edit" ? { event: { ...made.event, type: "message" } } : made,
    ),
  ),
  mutant(
    "deletions are kept to itself",
    "inbound: brings a deletion with the message's id",
    handed((made) => ("event" in made && made.event.type === "delete" ? { ignored: "a deletion" } : made)),
  ),
  mutant(
    "a reaction that is added is told as taken away",
    "inbound: brings a reaction with its message's id and its emoji",
    event((draft) => (draft.type === "reaction" ? { ...draft, added: false } : draft)),
  ),
];

const acknowledgement = [
  mutant(
    "it hears nothing any more after an outage",
    "acknowledgement: survives a refused event: nothing is lost of the connection",
    context(({ accept }) => {
      const state = { deaf: false };
      return {
        accept: async (made, raw) => {
          if (state.deaf) return undefined;
          try {
            return await accept(made, raw);
          } catch {
            state.deaf = true;
            return undefined;
          }
        },
      };
    }),
  ),
  mutant(
    "what could not be made durable is dropped",
    "acknowledgement: hands in again what could not be made durable, once it can be",
    losing(() => undefined),
  ),
  mutant(
    "the key is the envelope's, not the message's",
    "acknowledgement: gives a redelivered event the same key",
    event((draft, raw) => ({
      ...draft,
      key: `${draft.key}:${typeof raw === "object" && raw !== null && "seq" in raw ? String(raw.seq) : ""}`,
    })),
  ),
];

const outbound = [
  mutant("a card is rendered to nothing", "outbound: renders cards to at least one part", (one) => ({
    ...one,
    render: (reply, options, settings) =>
      reply.cards === undefined
        ? one.render(reply, options, settings)
        : { ...one.render(reply, options, settings), parts: [] },
  })),
  mutant(
    "a reply has one part more every other time",
    "outbound: renders the same reply the same way, since a delivery that is resumed counts on it",
    (one) => {
      let renders = 0;
      return rendered((parts) => {
        renders += 1;
        return renders % 2 === 0 ? parts : [...parts, { text: "!", markdown: false }];
      })(one);
    },
  ),
  mutant(
    "a send gives no id",
    "outbound: shows a reply whole, with an id for every part",
    session(({ send }) => ({ send: async (outgoing) => ({ ...(await send(outgoing)), messageId: "" }) })),
  ),
  mutant(
    "a send shows nothing",
    "outbound: shows a reply whole, with an id for every part",
    session(() => ({ send: async ({ key }) => ({ messageId: key }) })),
  ),
  mutant(
    "only the first parts of a long reply are sent",
    "outbound: shows every sentence of a long reply",
    rendered((parts) => parts.slice(0, 3)),
  ),
  mutant(
    "each part is cut at 900",
    "outbound: shows every sentence of a long reply",
    texts((text) => text.slice(0, 900)),
  ),
  mutant(
    "a long reply is not split",
    "outbound: shows every kind of reply without a call that the platform refuses",
    rendered((parts) => [{ text: parts.map(({ text }) => text).join("\n\n"), markdown: true }]),
  ),
  mutant(
    "labels are longer than a button has room for",
    "outbound: shows every kind of reply without a call that the platform refuses",
    rendered((parts) =>
      parts.map((part) => ({
        ...part,
        choices: (part.choices ?? []).map((choice) => ({ ...choice, label: choice.label.padEnd(60, ".") })),
      })),
    ),
  ),
  mutant(
    "labels are English in every language",
    "outbound: writes its own labels and times as the bot does, on cards and in words",
    (one) => ({
      ...one,
      render: (reply, { capabilities: can, plain }, settings) =>
        one.render(reply, { capabilities: can, plain }, settings),
    }),
  ),
  mutant(
    "the text is lost on the plain path",
    "outbound: keeps every word where it renders plain text",
    texts((text, plain) => (plain ? "…" : text)),
  ),
  mutant(
    "only the first line is left on the plain path",
    "outbound: keeps every word where it renders plain text",
    texts((text, plain) => (plain ? (text.split("\n")[0] ?? "") : text)),
  ),
  mutant(
    "the signal is ignored",
    "outbound: sends nothing that was called off",
    session(({ send }) => ({
      send: async (outgoing) => await send({ ...outgoing, signal: new AbortController().signal }),
    })),
  ),
  mutant(
    "a rate limit is any failure",
    "outbound: tells a rate limit from other failures of a send",
    failing(
      (thrown) => thrown instanceof RateLimitedError,
      () => new TransientSendError("Toy", "429"),
    ),
  ),
  mutant(
    "the pause that the platform asks for is read as seconds",
    "outbound: tells a rate limit from other failures of a send",
    failing(
      (thrown) => thrown instanceof RateLimitedError,
      (thrown) => new RateLimitedError("Toy", (thrown instanceof ParleyError ? (thrown.retryAfterMs ?? 0) : 0) / 1_000),
    ),
  ),
  mutant(
    "a server error is for ever",
    "outbound: tells a server error from other failures of a send",
    failing((thrown) => thrown instanceof TransientSendError, permanent),
  ),
  mutant(
    "a cut connection is for ever",
    "outbound: tells a connection that was cut before the call from other failures of a send",
    failing((thrown) => thrown instanceof AmbiguousSendError, permanent),
  ),
  mutant(
    "a send in doubt is sent again",
    "outbound: tells a connection that was cut behind the call from other failures of a send",
    failing(
      (thrown) => thrown instanceof AmbiguousSendError,
      () => new TransientSendError("Toy", "cut"),
    ),
  ),
  mutant(
    "it repeats a failed send by itself",
    "outbound: tells a connection that was cut behind the call from other failures of a send",
    session(({ send }) => ({
      send: async (outgoing) => {
        try {
          return await send(outgoing);
        } catch {
          return await send({ ...outgoing, key: `${outgoing.key}.2` });
        }
      },
    })),
  ),
  mutant(
    "refused markup is for ever",
    "outbound: tells refused markup from other failures of a send",
    failing((thrown) => thrown instanceof MarkupRefusedError, permanent),
  ),
  mutant(
    "markup is sent again after it was refused",
    "outbound: sends plain text after the platform refused the markup",
    (one) => ({
      ...one,
      render: (reply, options, settings) => one.render(reply, { ...options, plain: false }, settings),
    }),
  ),
  mutant(
    "the words go down with a refused file",
    "outbound: leaves the words standing where the platform refuses a file",
    failing((thrown) => thrown instanceof FileRefusedError, permanent),
  ),
  mutant(
    "the answer goes down with a lost thread",
    "outbound: says in the chat what cannot be said in a thread that is gone",
    failing((thrown) => thrown instanceof PlaceGoneError, permanent),
  ),
];

const interactive = [
  mutant(
    "a press brings the button's place instead of the choice's id",
    "interactive: brings a press back as the choice's id and its presser",
    event((draft) => (draft.type === "action" ? { ...draft, choiceId: "2" } : draft)),
  ),
  mutant(
    "a press is the bot's",
    "interactive: brings a press back as the choice's id and its presser",
    event((draft) => (draft.type === "action" ? { ...draft, user: { id: "toybot" } } : draft)),
  ),
  mutant(
    "presses are kept to itself",
    "interactive: brings a press back as the choice's id and its presser",
    handed((made) => ("event" in made && made.event.type === "action" ? { ignored: "a press" } : made)),
  ),
  mutant(
    "a presser waits for the queue",
    "interactive: answers a press in the platform's time though the queue takes 2 s",
    habits({ acknowledgesFirst: false }),
  ),
  mutant(
    "choices are lost without a word where there are no buttons",
    "interactive: reports choices that become a numbered list",
    capabilities({ choices: { max: 0, labelMaxLength: 0 } }),
  ),
];

const lifecycle = [
  mutant(
    "it never says that it is live",
    "lifecycle: is live once connected",
    session(() => ({ health: () => ({ state: "starting", detail: "soon" }) })),
  ),
  mutant(
    "it cannot be closed twice",
    "lifecycle: closes twice without harm",
    session(({ close }) => {
      const state = { closed: false };
      return {
        close: async () => {
          if (state.closed) throw new Error("closed already");
          state.closed = true;
          await close();
        },
      };
    }),
  ),
  mutant(
    "it says that it is live for ever",
    "lifecycle: closes twice without harm",
    session(() => ({ health: () => ({ state: "live", detail: "always" }) })),
  ),
  mutant(
    "nobody knows when it last heard something",
    "lifecycle: tells by its health when something was last received",
    session(({ health }) => ({
      health: () => {
        const { lastReceivedAt: _lastReceivedAt, ...rest } = health();
        return rest;
      },
    })),
  ),
  mutant(
    "the first lost connection is the last",
    "lifecycle: reconnects by itself, and hears everything once",
    habits({ pollsAgain: false }),
  ),
  mutant(
    "it goes on hearing after it was closed",
    "lifecycle: hands nothing in once it is closed",
    session(({ close }) => ({
      close: async () => {
        setTimeout(() => void close(), 1_500);
        await nothing();
      },
    })),
  ),
  mutant(
    "its position is not stored",
    "lifecycle: goes on where it stopped when it connects again",
    context(({ values }) => (values === undefined ? {} : { values: { ...values, set: nothing } })),
  ),
  mutant(
    "its position is not asked for",
    "lifecycle: goes on where it stopped when it connects again",
    context(({ values }) => (values === undefined ? {} : { values: { ...values, get: async () => undefined } })),
  ),
  mutant(
    "a refused token is not noticed",
    "lifecycle: names a revoked token at the latest with the next call, with the remedy",
    session(({ health }) => ({
      health: () => (health().state === "closed" ? health() : { state: "live", detail: "polling" }),
    })),
  ),
  mutant(
    "a refused token has no remedy",
    "lifecycle: names a revoked token at the latest with the next call, with the remedy",
    session(({ health }) => ({
      health: () => {
        const { remedy: _remedy, ...rest } = health();
        return rest;
      },
    })),
  ),
];

const security = [
  mutant(
    "files are fetched from anywhere",
    "security: fetches files from named hosts only",
    manifest({ attachmentHosts: ["*"] }),
  ),
  mutant(
    "files are brought in, and no host is named",
    "security: fetches files from named hosts only",
    event((draft) =>
      draft.type === "message" ? { ...draft, attachments: [{ id: "f1", kind: "image", reference: {} }] } : draft,
    ),
  ),
  mutant(
    "the settings are logged as they are",
    "security: keeps its secrets out of logs, health and errors",
    context(({ log, settings }) => {
      log.info({ token: settings.token.reveal() }, "connecting");
      return {};
    }),
  ),
  mutant(
    "its health shows the address with the token",
    "security: keeps its secrets out of logs, health and errors",
    session(({ health }, { settings }) => ({
      health: () => ({ ...health(), detail: `polling ${settings.server}/${settings.token.reveal()}` }),
    })),
  ),
  mutant(
    "a server error shows the address with the token",
    "security: keeps its secrets out of logs, health and errors",
    failing(
      (thrown) => thrown instanceof TransientSendError,
      (_thrown, { settings }) => new TransientSendError("Toy", `POST ${settings.token.reveal()}/send`),
    ),
  ),
  mutant(
    "a permanent error shows the address with the token",
    "security: keeps its secrets out of the errors of what can never be sent",
    failing(
      (thrown) => thrown instanceof PermanentSendError,
      (_thrown, { settings }) => new PermanentSendError("Toy", `POST ${settings.token.reveal()}/send`),
    ),
  ),
  mutant(
    "what people write is logged",
    "security: keeps what people write out of the log",
    context(({ accept, log }) => ({
      accept: async (made, raw) => {
        log.debug({ raw }, "received");
        return await accept(made, raw);
      },
    })),
  ),
  mutant(
    "data is not escaped",
    "security: shows what looks like markup in data as it is",
    texts((text) => text.replaceAll("\\", "")),
  ),
];

const capable = [
  mutant(
    "no reply fits into its limit",
    "capabilities: declares limits that a reply can be rendered within",
    capabilities({ text: { maxLength: 20, unit: "utf16", markup: "markdown" } }),
  ),
  mutant(
    "it may send nothing at all",
    "capabilities: declares limits that a reply can be rendered within",
    capabilities({ rate: { perChatPerSecond: 0, perAccountPerSecond: 0 } }),
  ),
  mutant(
    "it streams by edits that it cannot make",
    "capabilities: streams by edits only where messages can be edited",
    capabilities({ edit: false }),
  ),
  mutant(
    "it can do more than it declares",
    "capabilities: offers exactly the methods that its manifest declares",
    capabilities({ typing: false }),
  ),
  mutant(
    "it declares more than it can do",
    "capabilities: offers exactly the methods that its manifest declares",
    (one) => ({
      ...one,
      connect: async (given) => {
        const { remove: _remove, ...rest } = await one.connect(given);
        return rest;
      },
    }),
  ),
  mutant(
    "an edit changes nothing",
    "capabilities: edits a message where it says so",
    session(() => ({ edit: nothing })),
  ),
  mutant(
    "a removed message stays",
    "capabilities: removes a message where it says so",
    session(() => ({ remove: nothing })),
  ),
  mutant(
    "a reaction is not shown",
    "capabilities: reacts to a message where it says so",
    session(() => ({ react: nothing })),
  ),
  mutant(
    "nobody sees it typing",
    "capabilities: shows that it is typing",
    session(() => ({ typing: nothing })),
  ),
  mutant(
    "typing is never switched off",
    "capabilities: shows no longer that it is typing",
    session(({ typing }) => ({
      typing: async (target, on) => {
        if (on) await typing?.(target, true);
      },
    })),
  ),
  mutant(
    "each try of a send has a key of its own",
    "capabilities: drops a second send under the same key",
    session(({ send }) => ({
      send: async (outgoing) => await send({ ...outgoing, key: `${outgoing.key}.${count()}` }),
    })),
  ),
  mutant(
    "an unclear send cannot be looked up",
    "capabilities: finds a message that was sent, by its key",
    session(() => ({ reconcile: async () => "not-sent" as const })),
  ),
  mutant(
    "a file is sent without its bytes",
    "capabilities: shows a file with its bytes",
    context(() => ({
      openFile: async () => (async function* () {})(),
    })),
  ),
  mutant(
    "files are left out",
    "capabilities: shows a file with its bytes",
    rendered((parts) => parts.filter(({ file }) => file === undefined)),
  ),
];

export const mutants: readonly Mutant[] = [
  ...identity,
  ...inbound,
  ...acknowledgement,
  ...outbound,
  ...interactive,
  ...lifecycle,
  ...security,
  ...capable,
];
