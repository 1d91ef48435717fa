/** What a reply carries besides its words: proposal, recommendations, choices, sources, disclaimers. */
import { element, safeAddress } from "./dom.js";

const RISK = { low: "Low risk", medium: "Medium risk", high: "High risk" };

/** @param {{ minor: number, currency: string }} money */
export function formatMoney({ minor, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

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
 * What is to be confirmed: exactly what, how much, to whom, until when.
 * @param {any} proposal
 * @param {any[]} choices the buttons that came with it
 * @param {(choice: any) => void} onChoose
 */
export function proposalCard(proposal, choices, onChoose) {
  const countdown = element("span", { class: "countdown" });
  const buttons = choiceButtons(choices.length > 0 ? choices : defaultChoices(proposal.id), onChoose);
  const facts = element("dl", { class: "facts" });
  const fact = (/** @type {string} */ name, /** @type {Node | string} */ value) =>
    facts.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  if (proposal.payee !== undefined) fact("To", proposal.payee);
  fact("Expires", countdown);
  const card = element(
    "section",
    { class: "card proposal", "aria-label": "Please confirm" },
    element("p", { class: "card-label" }, "Please confirm"),
    proposal.amount === undefined ? null : element("p", { class: "amount" }, formatMoney(proposal.amount)),
    element("p", { class: "summary" }, proposal.summary),
    facts,
    buttons,
  );
  countDown(card, countdown, Date.parse(proposal.expiresAt), buttons);
  return card;
}

/** @param {string} id */
function defaultChoices(id) {
  return [
    { id: `confirm:${id}`, label: "Confirm", value: "Confirm", style: "primary" },
    { id: `cancel:${id}`, label: "Cancel", value: "Cancel" },
  ];
}

/**
 * @param {Element} card
 * @param {Element} shown
 * @param {number} until
 * @param {Element} buttons
 */
function countDown(card, shown, until, buttons) {
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left <= 0) {
      shown.textContent = "expired";
      card.classList.add("expired");
      useUp(buttons);
      return false;
    }
    const [minutes, seconds] = [Math.floor(left / 60), left % 60];
    shown.textContent =
      minutes >= 60
        ? `on ${new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(until)}`
        : `in ${minutes}:${String(seconds).padStart(2, "0")}`;
    return true;
  };
  if (!show()) return;
  const timer = setInterval(() => {
    const used = buttons.querySelector("[aria-pressed]") !== null;
    if (used) shown.textContent = "answered in time";
    if (used || !card.isConnected || !show()) clearInterval(timer);
  }, 1000);
}

/** @param {any[]} recommendations */
export function recommendationCards(recommendations) {
  const sorted = [...recommendations].sort((left, right) => left.rank - right.rank);
  return element("ol", { class: "recommendations", "aria-label": "Recommendations" }, ...sorted.map(recommendation));
}

/** @param {any} one */
function recommendation({ rank, name, category, riskLevel, expectedReturn, reason }) {
  const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 2 });
  return element(
    "li",
    { class: "card recommendation" },
    element("span", { class: "rank", "aria-label": `Rank ${rank}` }, String(rank)),
    element(
      "div",
      { class: "recommendation-body" },
      element("p", { class: "recommendation-name" }, name),
      element(
        "p",
        { class: "tags" },
        element("span", { class: "tag" }, category),
        element("span", { class: `tag risk-${riskLevel}` }, RISK[/** @type {keyof RISK} */ (riskLevel)] ?? riskLevel),
        expectedReturn === null
          ? null
          : element("span", { class: "tag" }, `${percent.format(expectedReturn)} a year expected`),
      ),
      element("p", { class: "reason" }, reason),
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
