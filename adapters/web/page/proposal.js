/** A proposal's card: exactly what, its facts, until when; and afterwards what became of it. */
import { choiceButtons, language, renew } from "./cards.js";
import { element } from "./dom.js";

/**
 * The mark before the word for what became of it. `unknown` until the server said it.
 * @typedef {keyof typeof MARKS} Status
 */
const MARKS = { unknown: "", pending: "", confirmed: "", executed: "✓ ", failed: "✕ ", cancelled: "✕ ", expired: "" };

/**
 * @param {any} proposal
 * @param {any[]} choices the buttons that came with it
 * @param {(choice: any) => void} onChoose
 * @returns {{ card: HTMLElement, show: (status: Status) => void, isOpen: () => boolean }}
 */
export function proposalCard(proposal, choices, onChoose) {
  const { labels } = language;
  const label = element("p", { class: "card-label" });
  const countdown = element("span", { class: "countdown" });
  const time = fact(labels.validUntil, countdown);
  const buttons = choiceButtons(choices.length > 0 ? choices : defaultChoices(proposal.id), onChoose);
  /** @type {any[]} */
  const facts = proposal.facts;
  const main = facts.find(({ isMain }) => isMain);
  const others = facts.filter((one) => one !== main);
  const card = element(
    "section",
    { class: "card proposal" },
    label,
    main === undefined ? null : element("p", { class: "amount" }, main.value),
    element("p", { class: "summary" }, proposal.summary),
    element("dl", { class: "facts" }, ...others.map(({ label: name, value }) => fact(name, value)), time),
    buttons,
  );
  const until = Date.parse(proposal.expiresAt);
  let timer = 0;
  const show = (/** @type {Status} */ status) => {
    const words = { ...labels, unknown: "", pending: labels.pleaseConfirm }[status];
    label.textContent = `${MARKS[status]}${words}`;
    card.setAttribute("aria-label", words);
    card.dataset.status = status;
    for (const part of [time, buttons]) part.hidden = status !== "pending";
    clearInterval(timer);
    if (status !== "pending") return;
    renew(buttons);
    timer = setInterval(tick, 1000);
    tick();
  };
  const tick = () => {
    if (Date.now() >= until) show("expired");
    else countdown.textContent = timeLeft(until);
  };
  return { card, show, isOpen: () => ["unknown", "pending", "confirmed"].includes(card.dataset.status ?? "") };
}

/** @param {string} name @param {Node | string} value */
function fact(name, value) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}

/** @param {string} id */
function defaultChoices(id) {
  return [
    { id: `confirm:${id}`, label: "Confirm", value: "Confirm", style: "primary" },
    { id: `cancel:${id}`, label: "Cancel", value: "Cancel" },
  ];
}

/** @param {number} until */
function timeLeft(until) {
  const time = inBotsZone(until);
  const left = Math.ceil((until - Date.now()) / 1000);
  const [minutes, seconds] = [Math.floor(left / 60), left % 60];
  return minutes >= 60 ? time : `${time} (${minutes}:${String(seconds).padStart(2, "0")})`;
}

/**
 * Times of cards are the bot's, those of messages the reader's: the zone is named where the two clocks differ.
 * @param {number} at
 */
function inBotsZone(at) {
  const { locale, timeZone } = language;
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  const here = new Intl.DateTimeFormat(locale, parts).format(at);
  const there = new Intl.DateTimeFormat(locale, { ...parts, timeZone }).format(at);
  if (here === there) return there;
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone, timeZoneName: "short" }).format(at);
}
