/** The chat page: connects the socket, the conversation and the composer. */
import { openAppearance } from "./appearance.js";
import { openCalls } from "./calls.js";
import { sourcePanel } from "./cards.js";
import { openComposer } from "./composer.js";
import { openConnection } from "./connection.js";
import { openConversation } from "./conversation.js";
import { byId, element, newId } from "./dom.js";
import { openLogin } from "./login.js";
import { openMemory, takeAccessToken } from "./memory.js";
import { openUploads } from "./uploads.js";

const PAGE = 40;
const MARGIN = 16;
const REMEMBERED = 50;
const config = JSON.parse(document.body.dataset.config ?? "{}");
const memory = openMemory(config.api);
const token = takeAccessToken();
const login = openLogin({ token, memory, onEnded: () => byId("login-ended").showModal() });
const calls = openCalls({ api: config.api, token, session: () => memory.get("session"), login });
const scroll = byId("scroll");
/** @type {any[] | undefined} frames that wait until the history is shown */
let held = [];
let earlier;
let following = true;
/** What was sent from here, to be sent again where it did not get through. @type {Map<string, { frame: any, shown: any }>} */
const sent = new Map();
const touch = matchMedia("(pointer: coarse)").matches;

openAppearance(byId("theme"), config.accentColor);

const conversation = openConversation({
  log: byId("log"),
  activity: byId("activity"),
  activityText: byId("activity-text"),
  botName: config.name,
  onChoose: (choice) => {
    send({ type: "action", choiceId: choice.id, value: choice.value }, { text: choice.value || choice.label });
    if (!touch) composer.focus();
  },
  onRetry: (messageId) => {
    const said = sent.get(messageId);
    if (said === undefined) return;
    sent.delete(messageId);
    conversation.remove(messageId);
    send(said.frame, said.shown);
  },
  onSource: sourcePanel(byId),
  onSave: async (file) => {
    try {
      await calls.save(file);
    } catch (thrown) {
      notify(thrown instanceof Error ? thrown.message : "The file could not be fetched.");
    }
  },
  onGrow: (reply) => {
    byId("welcome").hidden = true;
    if (!following) return;
    // A reply that is taller than the window is read from its beginning.
    const isTall = reply !== undefined && reply.offsetHeight > scroll.clientHeight - 2 * MARGIN;
    scroll.scrollTop = isTall ? reply.offsetTop - scroll.offsetTop - MARGIN : scroll.scrollHeight;
  },
});
const uploads = openUploads({
  list: byId("files"),
  calls,
  maxBytes: config.maxFileBytes,
  onChange: () => composer.update(),
  onProblem: notify,
});
const composer = openComposer({ byId, uploads, onSend: say });
const connection = openConnection({
  api: config.api,
  token,
  memory,
  login,
  onFrame: (frame) => (held === undefined || frame.type === "session" ? handle(frame) : held.push(frame)),
  onState: showConnection,
  onSessionGone: () => {
    conversation.clear();
    memory.remove("since");
    earlier = undefined;
    held = [];
  },
});

/** @param {string} text */
function say(text) {
  const files = uploads.take();
  const attachments = files.map(({ id }) => ({ id }));
  send({ type: "message", text, attachments }, { text, files: files.map(({ name }) => name) });
}

/**
 * @param {{ type: string, [key: string]: any }} frame
 * @param {{ text: string, files?: string[] }} shown what is seen of it
 */
function send(frame, shown) {
  const messageId = newId();
  following = true;
  byId("notice").hidden = true;
  conversation.said({ ...shown, messageId, at: Date.now(), state: "sending" });
  conversation.mark(messageId, "sending");
  sent.set(messageId, { frame, shown });
  if (sent.size > REMEMBERED) sent.delete(sent.keys().next().value);
  connection.send({ ...frame, messageId });
}

/** @param {any} frame */
function handle(frame) {
  switch (frame.type) {
    case "session":
      if (held === undefined) void showActions();
      else void showHistory();
      return;
    case "accepted":
      conversation.said({ ...frame, at: Date.now() });
      conversation.mark(frame.messageId, "sent");
      conversation.accepted(frame.eventId);
      return;
    case "status":
      conversation.busy(frame.text);
      return;
    case "delta":
      conversation.delta(frame);
      return;
    case "reset":
      conversation.forgetStream(frame.eventId);
      conversation.busy("");
      return;
    case "reply":
      conversation.reply(frame);
      void showActions();
      return;
    case "finished":
      if (frame.replies > 0) return;
      conversation.forgetStream(frame.eventId);
      conversation.finish(frame.eventId);
      void showActions();
      return;
    case "error":
      showError(frame);
  }
}

/** @param {any} frame */
function showError({ messageId, detail, retryable, retryAfterMs }) {
  if (messageId === undefined) notify(detail);
  else if (retryable) conversation.mark(messageId, "failed", "Not accepted yet, trying again…");
  else {
    const isPaced = retryAfterMs !== undefined;
    conversation.mark(messageId, "failed", `Not delivered: ${isPaced ? "too many messages in a short time." : detail}`);
    if (isPaced && sent.has(messageId)) conversation.offerRetry(messageId, Date.now() + retryAfterMs);
    void showActions();
  }
}

/** What became of proposals whose end is not known here: they may be decided by words, or in another window. */
async function showActions() {
  if (!conversation.hasOpenProposals()) return;
  try {
    conversation.showActions(await calls.actions());
  } catch {
    // Asked again after the next answer, and when the connection is back.
  }
}

/** What was said before this visit; then what happened meanwhile. */
async function showHistory() {
  try {
    const page = await calls.history(undefined, PAGE);
    conversation.restore(page.messages.filter(isCurrent), false);
    noteEarlier(page);
  } catch {
    notify("Earlier messages could not be loaded.");
  }
  const waiting = held ?? [];
  held = undefined;
  for (const frame of waiting) handle(frame);
  void showActions();
  welcome();
}

/** Only what was said since the person started anew. @param {{ at: string }} entry */
function isCurrent(entry) {
  return entry.at > (memory.get("since") ?? "");
}

/** @param {{ messages: any[], next?: string }} page */
function noteEarlier({ messages, next }) {
  earlier = next;
  byId("earlier").hidden = next === undefined || !isCurrent(messages[0]);
}

function welcome() {
  const empty = conversation.isEmpty();
  byId("welcome").hidden = !empty;
  if (!empty) return;
  byId("greeting").textContent = config.greeting;
  byId("suggestions").replaceChildren(
    ...config.suggestions.map((/** @type {string} */ text) =>
      element("button", { type: "button", class: "button", onclick: () => say(text) }, text),
    ),
  );
}

/**
 * @param {"connecting" | "online" | "offline"} state
 * @param {string} [detail]
 */
function showConnection(state, detail) {
  const texts = { connecting: "Connecting…", online: "Online", offline: "No connection, trying again…" };
  byId("connection").dataset.state = state;
  byId("connection-text").textContent = detail ?? texts[state];
}

/** @param {string} text */
function notify(text) {
  const notice = byId("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(Number(notice.dataset.timer));
  notice.dataset.timer = String(setTimeout(() => (notice.hidden = true), 8_000));
}

byId("earlier").addEventListener("click", async () => {
  const height = scroll.scrollHeight;
  following = false;
  try {
    const page = await calls.history(earlier, PAGE);
    conversation.restore(page.messages.filter(isCurrent), true);
    noteEarlier(page);
    scroll.scrollTop += scroll.scrollHeight - height;
  } catch {
    notify("Earlier messages could not be loaded.");
  }
});

byId("new").addEventListener("click", () => byId("confirm-new").showModal());
byId("confirm-new").addEventListener("close", async (/** @type {any} */ { target }) => {
  if (target.returnValue !== "yes") return;
  target.returnValue = "";
  try {
    memory.set("since", await calls.reset());
    conversation.clear();
    byId("earlier").hidden = true;
    welcome();
    composer.focus();
  } catch {
    notify("A new conversation could not be started; please try again.");
  }
});

byId("log-in").href = `/account/login?returnTo=${encodeURIComponent(location.pathname)}`;
// Nothing is said here before it is clear as whom.
byId("login-ended").addEventListener("cancel", (/** @type {Event} */ event) => event.preventDefault());
byId("as-guest").addEventListener("click", () => {
  login.forget();
  location.reload();
});

scroll.addEventListener("scroll", () => {
  following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  byId("latest").hidden = following;
});
byId("latest").addEventListener("click", () => {
  following = true;
  scroll.scrollTop = scroll.scrollHeight;
});
if (!touch) composer.focus();
