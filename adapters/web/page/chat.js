/** The chat page: connects the socket, the conversation and the composer. */
import { openAppearance } from "./appearance.js";
import { openCalls } from "./calls.js";
import { sourcePanel } from "./cards.js";
import { openComposer } from "./composer.js";
import { openConnection } from "./connection.js";
import { openConversation } from "./conversation.js";
import { byId, element, newId } from "./dom.js";
import { openMemory, takeAccessToken } from "./memory.js";
import { openUploads } from "./uploads.js";

const PAGE = 40;
const config = JSON.parse(document.body.dataset.config ?? "{}");
const memory = openMemory(config.api);
const token = takeAccessToken();
const calls = openCalls({ api: config.api, token, session: () => memory.get("session") });
const scroll = byId("scroll");
/** @type {any[] | undefined} frames that wait until the history is shown */
let held = [];
let oldest;
let following = true;

openAppearance(byId("theme"), config.accentColor);

const conversation = openConversation({
  log: byId("log"),
  activity: byId("activity"),
  activityText: byId("activity-text"),
  botName: config.name,
  onChoose: (choice, replyId) => {
    const messageId = newId();
    show({ messageId, text: choice.label });
    connection.send({ type: "action", messageId, replyId, choiceId: choice.id, value: choice.value });
    composer.focus();
  },
  onSource: sourcePanel(byId),
  onSave: async (file) => {
    try {
      await calls.save(file);
    } catch (thrown) {
      notify(thrown instanceof Error ? thrown.message : "The file could not be fetched.");
    }
  },
  onGrow: () => {
    byId("welcome").hidden = true;
    if (following) scroll.scrollTop = scroll.scrollHeight;
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
  onFrame: (frame) => (held === undefined || frame.type === "session" ? handle(frame) : held.push(frame)),
  onState: showConnection,
  onSessionGone: () => {
    conversation.clear();
    memory.remove("since");
    oldest = undefined;
    held = [];
  },
});

/** @param {string} text */
function say(text) {
  const files = uploads.take();
  const messageId = newId();
  show({ messageId, text, files: files.map(({ name }) => name) });
  connection.send({ type: "message", messageId, text, attachments: files.map(({ id }) => ({ id })) });
}

/** @param {{ messageId: string, text: string, files?: string[] }} message */
function show(message) {
  following = true;
  byId("notice").hidden = true;
  conversation.said({ ...message, at: Date.now(), state: "sending" });
  conversation.mark(message.messageId, "sending");
}

/** @param {any} frame */
function handle(frame) {
  switch (frame.type) {
    case "session":
      if (held !== undefined) void showHistory();
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
      return;
    case "finished":
      if (frame.replies > 0) return;
      conversation.forgetStream(frame.eventId);
      conversation.finish(frame.eventId);
      return;
    case "error":
      if (frame.messageId === undefined) notify(frame.detail);
      else if (!frame.retryable) conversation.mark(frame.messageId, "failed", `Not sent: ${frame.detail}`);
      else conversation.mark(frame.messageId, "failed", "Not accepted yet, trying again…");
  }
}

/** What was said before this visit; then what happened meanwhile. */
async function showHistory() {
  try {
    const entries = await calls.history(undefined, PAGE);
    conversation.restore(entries.filter(isCurrent), false);
    noteOldest(entries);
  } catch {
    notify("Earlier messages could not be loaded.");
  }
  const waiting = held ?? [];
  held = undefined;
  for (const frame of waiting) handle(frame);
  welcome();
}

/** Only what was said since the person started anew. @param {{ at: string }} entry */
function isCurrent(entry) {
  return entry.at > (memory.get("since") ?? "");
}

/** @param {any[]} entries */
function noteOldest(entries) {
  oldest = entries[0]?.id;
  byId("earlier").hidden = entries.length < PAGE || !isCurrent(entries[0]);
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
    const entries = await calls.history(oldest, PAGE);
    conversation.restore(entries.filter(isCurrent), true);
    if (entries.length > 0) noteOldest(entries);
    else byId("earlier").hidden = true;
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

scroll.addEventListener("scroll", () => {
  following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  byId("latest").hidden = following;
});
byId("latest").addEventListener("click", () => {
  following = true;
  scroll.scrollTop = scroll.scrollHeight;
});
if (!matchMedia("(pointer: coarse)").matches) composer.focus();
