/** One run of the library's client: from the start of the browser to its end. It is never used twice. */
import { readFile } from "node:fs/promises";
import type { Message } from "whatsapp-web.js";
import wweb from "whatsapp-web.js";
import { isOwnMessageId } from "../message-ids.ts";
import type { WebRaw } from "../web-raw.ts";
import type { Fact, StartOptions } from "../protocol.ts";
import type { Calls } from "./calls.ts";
import { createCalls } from "./calls.ts";
import type { RawMaker } from "./raw.ts";
import { createRawMaker, idOf } from "./raw.ts";

const { Client } = wweb;

/** Arguments that a server needs. */
const ARGUMENTS = ["--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--no-default-browser-check"];
/** Older than any page that was ever kept: asks for the current one. */
const CURRENT = "current";

export interface RunningClient {
  /** Undefined until the client is ready. */
  readonly calls: () => Calls | undefined;
  /** Closes the browser, so that its profile is complete on disk. */
  readonly close: () => Promise<void>;
}

export interface ClientEvents {
  readonly fact: (fact: Fact) => void;
  readonly raw: (raw: WebRaw, heard: "live" | "missed") => void;
}

/** Starts the browser and the library. What happens is told by `events`; a start that fails rejects. */
export async function startClient(options: StartOptions, events: ClientEvents): Promise<RunningClient> {
  const client = createClient(options);
  const state: State = { queue: Promise.resolve(), closing: false };
  listenToLogin(client, events);
  listenToMessages({ client, state, events, account: options.account });
  await client.initialize();
  const browser = client.pupBrowser;
  events.fact({ name: "started", browserPid: browser?.process()?.pid });
  browser?.on("disconnected", () => {
    if (!state.closing) events.fact({ name: "failed", reason: "browser", detail: "the browser ended" });
  });
  return {
    calls: () => state.calls,
    close: async () => {
      state.closing = true;
      await client.destroy();
    },
  };
}

interface State {
  calls?: Calls;
  raws?: RawMaker;
  queue: Promise<void>;
  closing: boolean;
}

interface Listening {
  readonly client: InstanceType<typeof Client>;
  readonly state: State;
  readonly events: ClientEvents;
  readonly account: string;
}

/** Every listener is guarded: what throws in one would be lost in the page, or end the process. */
function guarded({ state, events }: Listening, what: string, work: () => Promise<void>): void {
  state.queue = state.queue.then(work).catch((thrown: unknown) => {
    events.fact({ name: "problem", detail: `${what}: ${String(thrown).slice(0, 200)}` });
  });
}

function listenToMessages(listening: Listening): void {
  const { client, state, events } = listening;
  const emit = (what: string, make: (raws: RawMaker) => Promise<WebRaw>): void =>
    guarded(listening, what, async () => {
      if (state.raws !== undefined) events.raw(await make(state.raws), "live");
    });
  const message = (kind: "message" | "edit" | "delete", one: Message): void =>
    emit(kind, async (raws) => await raws.message(kind, one, await isOwn(listening, one)));
  client.on("ready", () => guarded(listening, "ready", async () => await becomeReady(listening)));
  client.on("message_create", (one) => message("message", one));
  client.on("message_edit", (one) => message("edit", one));
  client.on("message_revoke_everyone", (one) => message("delete", one));
  client.on("message_reaction", (reaction) => emit("reaction", async (raws) => await raws.reaction(reaction)));
  client.on("vote_update", (vote) => emit("vote", async (raws) => await raws.vote(vote)));
  client.on("group_join", (joined) => emit("membership", async (raws) => await raws.membership("added", joined)));
  client.on("group_leave", (left) => emit("membership", async (raws) => await raws.membership("removed", left)));
  client.on("message_ciphertext_failed", () =>
    events.fact({ name: "problem", detail: "a message could not be decrypted; its sender must send it again" }),
  );
}

async function becomeReady(listening: Listening): Promise<void> {
  const { client, state, events } = listening;
  // It may be said twice.
  if (state.calls !== undefined) return;
  const ids = await idsOf(client);
  const choosesIds = (await client.pupPage?.evaluate(await pageScript())) === true;
  const raws = createRawMaker(client);
  state.raws = raws;
  state.calls = createCalls({
    client,
    choosesIds,
    onMissed: async (missed) =>
      events.raw(await raws.message("message", missed, await isOwn(listening, missed)), "missed"),
  });
  events.fact({ name: "ready", version: await client.getWWebVersion(), ids: [...ids], choosesIds });
}

/** Whether the bot's code sent it, rather than a human on the account's telephone. */
async function isOwn({ account, state }: Listening, { id }: Message): Promise<boolean> {
  if (isOwnMessageId(account, id.id)) return true;
  if (!id.fromMe) return false;
  await state.calls?.settled();
  return state.calls?.isSent(idOf(id)) ?? false;
}

function createClient(options: StartOptions): InstanceType<typeof Client> {
  const { profile, chromium, chromiumArguments, pairPhone, webVersion, versions, deviceName, proxy } = options;
  const isRoot = process.getuid?.() === 0;
  return new Client({
    deviceName,
    puppeteer: {
      executablePath: chromium,
      userDataDir: profile,
      headless: true,
      // The browser ends with the pipe, so it never outlives this process.
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [...ARGUMENTS, ...(isRoot ? ["--no-sandbox"] : []), ...proxyArguments(options), ...chromiumArguments],
    },
    ...(proxy !== undefined && proxy.username !== ""
      ? { proxyAuthentication: { username: proxy.username, password: proxy.password } }
      : {}),
    webVersion: webVersion ?? CURRENT,
    webVersionCache: { type: "local", path: versions, strict: webVersion !== undefined },
    ...(pairPhone === undefined ? {} : { pairWithPhoneNumber: { phoneNumber: pairPhone } }),
  });
}

/** A proxy that an admin names for this browser alone stands in `chromiumArguments`, and wins. */
function proxyArguments({ proxy, chromiumArguments }: StartOptions): readonly string[] {
  const isNamed = chromiumArguments.some((argument) => argument.startsWith("--proxy-"));
  return proxy === undefined || isNamed ? [] : [`--proxy-server=${proxy.server}`];
}

function listenToLogin(client: InstanceType<typeof Client>, { fact }: ClientEvents): void {
  client.on("qr", (value) => fact({ name: "login", kind: "qr", value }));
  client.on("code", (value) => fact({ name: "login", kind: "pairing-code", value }));
  client.on("authenticated", () => fact({ name: "authenticated" }));
  client.on("loading_screen", (percent) => fact({ name: "syncing", percent: Number(percent) || 0 }));
  client.on("change_state", (state) => fact({ name: "socket", state }));
  client.on("auth_failure", () =>
    fact({ name: "failed", reason: "login", detail: "WhatsApp refused the stored session" }),
  );
  client.on("disconnected", (reason) => {
    const said: string = reason;
    if (said === "LOGOUT") fact({ name: "logged-out" });
    else
      fact({ name: "failed", reason: said === "CONFLICT" ? "conflict" : "login", detail: `WhatsApp Web says ${said}` });
  });
}

/** The account's ids, by number and, where WhatsApp has one, by LID. */
async function idsOf(client: InstanceType<typeof Client>): Promise<readonly string[]> {
  const ids: unknown = await client.pupPage?.evaluate(
    `(() => { const me = window.require("WAWebUserPrefsMeUser"); return [me.getMaybeMePnUser?.()?._serialized, me.getMaybeMeLidUser?.()?._serialized]; })()`,
  );
  const known = Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  return known.length > 0 ? known : [idOf(client.info.wid)];
}

async function pageScript(): Promise<string> {
  return await readFile(new URL("page/message-ids.js", import.meta.url), "utf8");
}
