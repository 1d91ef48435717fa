import { createHash, randomBytes } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { basename, join, resolve } from "node:path";
import type { AdapterContext, AdapterSession } from "../../../adapter.ts";
import { describeError, ParleyError } from "../../../adapter.ts";
import type { WhatsappPart } from "../render.ts";
import type { WebSettings } from "../settings.ts";
import type { Browser } from "./browser.ts";
import { createBrowser } from "./browser.ts";
import type { Inbox } from "./inbox.ts";
import { createInbox } from "./inbox.ts";
import { createPolls } from "./polls.ts";
import { findChromium } from "./probe.ts";
import type { Fact, StartOptions } from "./protocol.ts";
import { Nothing } from "./protocol.ts";
import { createWebSender } from "./send.ts";
import { healthOf } from "./status.ts";
import { createStoredSession, SESSIONS } from "./stored-session.ts";

/** A start without a stored session waits so long for a quick login (a code that is scanned at once). */
const LOGIN_GRACE_MS = 3_000;
const STEP_MS = 25;
const QR_LIVES_MS = 60_000;
const PAIRING_CODE_LIVES_MS = 180_000;
const SESSION_KEY = "session-key";

/** Starts the browser and resolves when the account is live, or waits for a login. */
export async function connectWeb(context: AdapterContext<WebSettings>): Promise<AdapterSession<WhatsappPart>> {
  const { settings, environment, log } = context;
  const polls = createPolls(context.values);
  const inbox = createInbox(context, polls, settings.catchUpHours);
  const rules = { readyTimeoutMs: settings.readyTimeoutSeconds * 1_000, pinnedVersion: settings.webVersion };
  const start = startOptions(context, await sessionKeyOf(context));
  const key = `${SESSIONS.prefix}${basename(start.sealed)}`;
  // What is said while the older messages are read comes after them, so that a chat is answered in its order.
  let caughtUp: Promise<void> = Promise.resolve();
  const browser = createBrowser({
    start,
    session: createStoredSession({ ...start, key, files: context.files }),
    rules,
    watchMs: settings.watchSeconds * 1_000,
    environment,
    log,
    onRaw: (raw, heard) => void (heard === "missed" ? inbox.take(raw) : caughtUp.then(() => inbox.take(raw))),
    onFact: (fact) => {
      if (fact.name === "ready") {
        inbox.identify({ userIds: fact.ids });
        context.identify({ userIds: fact.ids });
        caughtUp = catchUp(browser, inbox, context);
      }
      void tellLogin(context, fact);
    },
  });
  const close = once(async () => {
    // The browser goes first: what it still hands over is made durable before the inbox closes.
    await browser.close();
    await caughtUp;
    await inbox.close();
  });
  try {
    await untilConnected(browser);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    ...createWebSender(browser, polls, context),
    health: () => healthOf(browser.status(), rules, inbox.lastReceivedAt()),
    close,
  };
}

/** Where an account's session, pages and profile are. */
export function pathsOf(
  account: string,
  { directory, profileDirectory }: WebSettings,
): Pick<StartOptions, "profile" | "sealed" | "versions"> {
  const name = `${account.replaceAll(/\W+/gu, "-").slice(0, 40)}-${digest(account)}`;
  const own = resolve(directory);
  const temporary = profileDirectory ?? join(tmpdir(), `parley-whatsapp-${userInfo().username}-${digest(own)}`);
  return {
    profile: join(resolve(temporary), name),
    sealed: join(own, `${name}.session`),
    versions: join(own, "versions"),
  };
}

function startOptions(
  { account, bot, settings, network }: AdapterContext<WebSettings>,
  sessionKey: string,
): StartOptions {
  const { chromium, chromiumArguments, pairPhone, webVersion, backupMinutes } = settings;
  const proxy = network?.proxyOf("https://web.whatsapp.com");
  return {
    account,
    deviceName: bot.name,
    ...pathsOf(account, settings),
    sessionKey,
    chromium: chromium ?? findChromium(),
    chromiumArguments,
    backupMs: backupMinutes * 60_000,
    ...(pairPhone === undefined ? {} : { pairPhone }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(webVersion === undefined ? {} : { webVersion }),
  };
}

/** The store seals its values: the session opens with the keys of the installation alone. */
async function sessionKeyOf({
  settings,
  values,
}: Pick<AdapterContext<WebSettings>, "settings" | "values">): Promise<string> {
  if (settings.sessionKey !== undefined) return settings.sessionKey.reveal();
  if (values === undefined)
    throw new ParleyError(
      "whatsapp/no-session-key",
      "WhatsApp: this process keeps no values, so the session needs a `sessionKey` of its own.",
    );
  const kept = await values.get(SESSION_KEY);
  if (typeof kept === "string") return kept;
  const fresh = randomBytes(32).toString("base64url");
  await values.set(SESSION_KEY, fresh);
  return fresh;
}

async function untilConnected(browser: Browser): Promise<void> {
  let waited = 0;
  for (;;) {
    const { phase, detail, failure } = browser.status();
    if (phase === "ready") return;
    if (phase === "login-required" && (waited += STEP_MS) > LOGIN_GRACE_MS) return;
    if (phase === "restarting")
      throw new ParleyError(
        "whatsapp/browser-failed",
        `WhatsApp Web could not be started (${failure ?? "browser"}): ${detail}. Run: parley doctor`,
        {
          retryable: true,
        },
      );
    await new Promise((done) => setTimeout(done, STEP_MS));
  }
}

/** What arrived while nobody listened is handed in as if it arrived now; what was taken already is known by its key. */
async function catchUp(
  browser: Browser,
  inbox: Inbox,
  { log }: Pick<AdapterContext<WebSettings>, "log">,
): Promise<void> {
  try {
    await browser.call({ name: "catch-up", since: Math.floor(await inbox.since()) }, Nothing);
  } catch (thrown) {
    log.warn({ error: describeError(thrown) }, "WhatsApp's messages since the last run were not read");
  }
}

async function tellLogin({ login, environment, log }: AdapterContext<WebSettings>, fact: Fact): Promise<void> {
  try {
    if (fact.name === "login") {
      const { kind, value } = fact;
      const lives = kind === "qr" ? QR_LIVES_MS : PAIRING_CODE_LIVES_MS;
      await login({ kind, value, expiresAt: new Date(environment.clock() + lives).toISOString() });
    }
    if (fact.name === "ready") await login(undefined);
  } catch (thrown) {
    log.warn({ error: describeError(thrown) }, "the login prompt was not shown");
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return async () => await (done ??= work());
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
