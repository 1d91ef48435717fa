/** The conversation on the page: what was said, what is being written, and what the bot is doing. */
import { choiceButtons, disclaimerLines, fileButtons, cardList, sourceChips, useUp } from "./cards.js";
import { element, timeOf } from "./dom.js";
import { proposalCard } from "./proposal.js";

/**
 * @param {{
 *   log: HTMLElement,
 *   activity: HTMLElement,
 *   activityText: HTMLElement,
 *   botName: string,
 *   onChoose: (choice: any) => void,
 *   onRetry: (messageId: string) => void,
 *   onSource: (source: any, number: number) => void,
 *   onSave: (file: any) => Promise<void>,
 *   onGrow: (reply?: HTMLElement) => void,
 * }} options
 */
export function openConversation(options) {
  const { log, activity, activityText, botName, onChoose, onRetry, onSource, onSave, onGrow } = options;
  /** @type {Map<string, HTMLElement>} */
  const people = new Map();
  const replies = new Set();
  /** @type {Map<string, { bubble: HTMLElement, text: string }>} */
  const streams = new Map();
  /** @type {Map<string, ReturnType<typeof proposalCard>>} */
  const proposals = new Map();
  /** Events that are answered: their acceptance may be told later than the answer of a quick turn. */
  const done = new Set();
  let activityTimer = 0;


  const said = (/** @type {any} */ { messageId, text, at, files = [], state = "sent" }) => {
    const known = people.get(messageId);
    if (known !== undefined) return known;
    const words = text === "" && files.length === 0 ? "(a file)" : text;
    const item = element(
      "article",
      { class: "message mine", dataset: { state } },
      element("p", { class: "hidden" }, "You:"),
      words === "" ? null : element("p", { class: "bubble" }, words),
      files.length === 0 ? null : element("p", { class: "attached" }, `Attached: ${files.join(", ")}`),
      element("p", { class: "meta" }, element("span", { class: "delivery" }), element("time", {}, timeOf(at))),
    );
    people.set(messageId, item);
    return item;
  };

  const answered = (/** @type {any} */ { reply, html, at }, /** @type {any} */ { live, fresh }) => {
    const body = element("div", { class: "bubble rich" });
    // Made and sanitised by the server from a syntax tree; it holds no raw HTML.
    body.innerHTML = html;
    for (const cite of body.querySelectorAll("button[data-source]")) {
      const number = Number(/** @type {HTMLElement} */ (cite).dataset.source);
      cite.addEventListener("click", () => onSource(reply.sources[number - 1], number));
    }
    const choices = reply.choices ?? [];
    const shown = new Set(reply.cards?.map((/** @type {any} */ { id }) => id));
    const [onCards, others] = parted(choices, ({ card }) => shown.has(card?.id));
    const proposal = reply.proposal === undefined ? undefined : proposalCard(reply.proposal, choices, onChoose);
    const item = element(
      "article",
      { class: "message theirs" },
      element("p", { class: "hidden" }, `${botName}:`),
      body.textContent?.trim() === "" ? null : body,
      proposal?.card,
      shown.size > 0 ? cardList(reply.cards, onCards, onChoose) : null,
      reply.files?.length > 0 ? fileButtons(reply.files, onSave) : null,
      proposal === undefined && others.length > 0 ? choiceButtons(others, onChoose) : null,
      reply.sources.length > 0
        ? sourceChips(reply.sources, (index) => onSource(reply.sources[index], index + 1))
        : null,
      reply.disclaimers.length > 0 ? disclaimerLines(reply.disclaimers) : null,
      element("p", { class: "meta" }, element("time", {}, timeOf(at))),
    );
    if (!live) for (const group of item.querySelectorAll(".choices")) useUp(group);
    if (proposal !== undefined) proposals.set(reply.proposal.id, proposal);
    // Of one that was made before this visit only the server knows what became of it.
    proposal?.show(fresh ? "pending" : "unknown");
    return item;
  };

  const finish = (/** @type {string} */ eventId) => {
    done.add(eventId);
    idle();
  };

  const idle = () => {
    clearTimeout(activityTimer);
    activity.hidden = true;
  };

  /** What the bot is doing; ends by itself when nothing more is heard. */
  const busy = (/** @type {string} */ text) => {
    activityText.textContent = text === "" ? `${botName} is thinking…` : text;
    activity.hidden = false;
    clearTimeout(activityTimer);
    activityTimer = setTimeout(idle, 120_000);
    onGrow();
  };

  return {
    /** What a person said; shown once, whoever tells of it. */
    said: (/** @type {any} */ message) => {
      if (people.has(message.messageId)) return;
      log.append(said(message));
      onGrow();
    },
    /** "sending", "sent" or "failed", with the reason. */
    mark: (/** @type {string} */ messageId, /** @type {string} */ state, detail = "") => {
      const item = people.get(messageId);
      if (item === undefined) return;
      item.dataset.state = state;
      item.querySelector(".retry")?.remove();
      const shown = item.querySelector(".delivery");
      if (shown !== null) shown.textContent = { sending: "Sending…", sent: "", failed: detail }[state] ?? detail;
    },
    /** A button to say a message again that did not get through, from a time on. */
    offerRetry: (/** @type {string} */ messageId, /** @type {number} */ from) => {
      people.get(messageId)?.querySelector(".meta")?.append(retryButton(from, () => onRetry(messageId)));
      onGrow();
    },
    /** Takes back what was said: it is said anew. */
    remove: (/** @type {string} */ messageId) => {
      people.get(messageId)?.remove();
      people.delete(messageId);
    },
    /** Whether it is not known, or may still change, what became of some proposal. */
    hasOpenProposals: () => [...proposals.values()].some(({ isOpen }) => isOpen()),
    /** What became of proposals. @param {any[]} actions */
    showActions: (actions) => {
      for (const { proposalId, status } of actions) proposals.get(proposalId)?.show(status);
      onGrow();
    },
    /** A finished reply: takes the place of the streamed text. */
    reply: (/** @type {any} */ frame) => {
      if (replies.has(frame.reply.id)) return false;
      replies.add(frame.reply.id);
      streams.get(frame.eventId)?.bubble.remove();
      streams.delete(frame.eventId);
      if (frame.replayed || frame.index >= frame.count - 1) finish(frame.eventId);
      const item = answered(frame, { live: true, fresh: !frame.replayed });
      log.append(item);
      onGrow(item);
      return true;
    },
    /** The next piece of an answer that is still being written. */
    delta: (/** @type {any} */ { eventId, offset, text }) => {
      const stream = streams.get(eventId) ?? { text: "", bubble: streamBubble(botName) };
      if (!streams.has(eventId)) {
        streams.set(eventId, stream);
        log.append(stream.bubble);
      }
      // A lost piece leaves a gap that only the final reply fills; a repeated one changes nothing.
      if (offset > stream.text.length) stream.text += " … ";
      else stream.text = stream.text.slice(0, offset);
      stream.text += text;
      const shown = stream.bubble.querySelector(".bubble");
      if (shown !== null) shown.textContent = stream.text;
      activity.hidden = true;
      onGrow();
    },
    forgetStream: (/** @type {string} */ eventId) => {
      streams.get(eventId)?.bubble.remove();
      streams.delete(eventId);
    },
    /** It was accepted: something is being done about it, unless that is known to be over or shown already. */
    accepted: (/** @type {string | undefined} */ eventId) => {
      if (eventId === undefined || done.has(eventId) || streams.size > 0 || !activity.hidden) return;
      busy("");
    },
    busy,
    finish,
    /**
     * Messages of the history, oldest first, put before or after what is shown.
     * @param {any[]} entries
     * @param {boolean} before
     */
    restore: (entries, before) => {
      const items = [];
      for (const [index, entry] of entries.entries()) {
        if (entry.role === "user") {
          const messageId = entry.messageId ?? entry.id;
          if (!people.has(messageId)) items.push(said({ ...entry, messageId }));
        } else if (entry.reply !== undefined && !replies.has(entry.reply.id)) {
          replies.add(entry.reply.id);
          const next = entries[index + 1];
          const item = answered(entry, { live: next === undefined && !before, fresh: false });
          markUsed(item, next);
          items.push(item);
        }
      }
      if (before) log.prepend(...items);
      else log.append(...items);
      onGrow();
    },
    clear: () => {
      idle();
      people.clear();
      replies.clear();
      streams.clear();
      proposals.clear();
      log.replaceChildren();
    },
    isEmpty: () => log.childElementCount === 0,
  };
}

/**
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => boolean} isFirst
 */
function parted(items, isFirst) {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/**
 * @param {number} from ms since the epoch
 * @param {() => void} onPress
 */
function retryButton(from, onPress) {
  const button = element("button", { type: "button", class: "retry", onclick: onPress });
  const show = () => {
    const seconds = Math.ceil((from - Date.now()) / 1000);
    button.toggleAttribute("disabled", seconds > 0);
    button.textContent = seconds > 0 ? `Send again in ${seconds} s` : "Send again";
    if (seconds > 0) setTimeout(show, 1000);
  };
  show();
  return button;
}

/** @param {string} botName */
function streamBubble(botName) {
  // Not announced piece by piece: the finished reply is.
  return element(
    "article",
    { class: "message theirs streaming", "aria-live": "off", "aria-busy": "true" },
    element("p", { class: "hidden" }, `${botName}:`),
    element("p", { class: "bubble" }),
  );
}

/**
 * The choice that was taken, where the next message is one of them.
 * @param {HTMLElement} item
 * @param {any} next
 */
function markUsed(item, next) {
  if (next?.role !== "user") return;
  for (const button of item.querySelectorAll(".choices button")) {
    if (/** @type {HTMLElement} */ (button).dataset.value === next.text) button.setAttribute("aria-pressed", "true");
  }
}
