/** What a reply carries besides its words: proposal, cards, choices, sources, disclaimers. */
import { element, safeAddress } from "./dom.js";

/** How the bot writes: its locale, its time zone, its words on cards. The page's configuration says it. */
export const language = (() => {
  const { locale = "en", timeZone = "UTC", labels = {} } = JSON.parse(document.body.dataset.config ?? "{}");
  return { locale, timeZone, labels };
})();

/**
 * Buttons to choose from. One press uses them all up.
 * @param {any[]} choices
 * @param {(choice: any) => void} onChoose
 */
export function choiceButtons(choices, onChoose) {
  const group = element("div", { class: "choices", role: "group", "aria-label": "Choices" });
  for (const choice of choices) {
    const kind = choice.style === "primary" || choice.style === "danger" ? ` ${choice.style}` : "";
    const button = element("button", { type: "button", class: `button${kind}` }, choice.label);
    button.addEventListener("click", () => {
      useUp(group, button);
      onChoose(choice);
    });
    button.dataset.value = choice.value;
    group.append(button);
  }
  return group;
}

/**
 * Ends a group of buttons; the chosen one, if any, stays marked.
 * @param {Element} group
 * @param {Element} [chosen]
 */
export function useUp(group, chosen) {
  for (const button of group.querySelectorAll("button")) {
    button.disabled = true;
    if (button === chosen) button.setAttribute("aria-pressed", "true");
  }
}

/**
 * Makes a group of buttons fresh again: what was pressed did not count.
 * @param {Element} group
 */
export function renew(group) {
  for (const button of group.querySelectorAll("button")) {
    button.disabled = false;
    button.removeAttribute("aria-pressed");
  }
}

/**
 * @param {any[]} cards
 * @param {any[]} choices that belong to one of them each
 * @param {(choice: any) => void} onChoose
 */
export function cardList(cards, choices, onChoose) {
  const items = cards.map((one) => {
    const own = choices.flatMap((choice) =>
      choice.card.id === one.id ? [{ ...choice, label: choice.card.label }] : [],
    );
    return cardItem(one, own.length > 0 ? choiceButtons(own, onChoose) : null);
  });
  return element("ol", { class: "cards", "aria-label": cards.some(isAdvice) ? "Recommendations" : "Cards" }, ...items);
}

/** @param {any} card */
const isAdvice = (card) => card.isAdvice === true;

/**
 * @param {any} card
 * @param {HTMLElement | null} buttons
 */
function cardItem({ number, title, facts, text }, buttons) {
  const tags = facts.flatMap((/** @type {any} */ { label, value, phrase, tone }) => {
    if (phrase === "") return [];
    const kind = tone === undefined ? "tag" : `tag tone-${tone}`;
    return [element("span", { class: kind }, phrase === undefined ? value : `${label}: ${value}`)];
  });
  return element(
    "li",
    { class: "card listed" },
    number === undefined ? null : element("span", { class: "rank", "aria-label": `Rank ${number}` }, String(number)),
    element(
      "div",
      { class: "listed-body" },
      element("p", { class: "listed-name" }, title),
      element("p", { class: "tags" }, ...tags),
      text === "" ? null : element("p", { class: "reason" }, text),
      buttons,
    ),
  );
}

/**
 * Sources as numbered chips.
 * @param {any[]} sources
 * @param {(index: number) => void} onOpen
 */
export function sourceChips(sources, onOpen) {
  const chips = sources.map(({ title, location }, index) =>
    element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "chip", "aria-haspopup": "dialog", onclick: () => onOpen(index) },
        element("span", { class: "chip-number" }, String(index + 1)),
        element("span", { class: "chip-text" }, location ? `${title} · ${location}` : title),
      ),
    ),
  );
  return element("ul", { class: "sources", "aria-label": "Sources" }, ...chips);
}

/**
 * The panel that shows a source: its quote, and the way to the document.
 * @param {(id: string) => any} byId
 */
export function sourcePanel(byId) {
  const panel = byId("source");
  byId("source-close").addEventListener("click", () => panel.close());
  // A press beside the panel closes it, as people expect.
  panel.addEventListener("click", (/** @type {MouseEvent} */ event) => event.target === panel && panel.close());
  return (/** @type {any} */ source, /** @type {number} */ number) => {
    byId("source-number").textContent = String(number);
    byId("source-title").textContent = source.title;
    byId("source-place").textContent = source.location;
    byId("source-place").hidden = source.location === "";
    byId("source-quote").textContent = source.quote;
    byId("source-quote").hidden = source.quote === "";
    const address = safeAddress(source.url);
    const link = byId("source-link");
    link.hidden = address === null;
    if (address !== null) link.href = address;
    else link.removeAttribute("href");
    panel.showModal();
  };
}

/**
 * Files to keep. Fetched with the session's rights when pressed, then handed to the browser as a download.
 * @param {any[]} files
 * @param {(file: any) => Promise<void>} onSave
 */
export function fileButtons(files, onSave) {
  const buttons = files.map((file) =>
    element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "chip", onclick: () => void onSave(file) },
        element("span", { class: "chip-number", "aria-hidden": "true" }, "↓"),
        element("span", { class: "chip-text" }, file.name),
      ),
    ),
  );
  return element("ul", { class: "sources", "aria-label": "Files" }, ...buttons);
}

/** @param {string[]} disclaimers */
export function disclaimerLines(disclaimers) {
  return element("div", { class: "disclaimers" }, ...disclaimers.map((text) => element("p", {}, text)));
}
