/** The page of the local platforms: draws what people see, says what they do. */

const columns = document.getElementById("platforms");
const note = document.getElementById("note");
/** @type {WebSocket} */
let socket;
let noteTimer = 0;
/** @type {Map<string, ReturnType<typeof openColumn>>} */
const open = new Map();

connect();
document.getElementById("everywhere").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = document.getElementById("everywhere-text");
  const text = input.value.trim();
  if (text === "") return;
  for (const platform of open.keys()) send({ type: "say", platform, chat: "direct", text });
  input.value = "";
});

function connect() {
  socket = new WebSocket(`ws://${location.host}/live`);
  socket.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.type === "state") for (const platform of frame.platforms) columnFor(platform).draw(platform);
    else notify(frame.platform === undefined ? frame.text : `${frame.platform}: ${frame.text}`);
  });
  socket.addEventListener("close", () => setTimeout(connect, 1_000));
}

/** @param {object} action */
function send(action) {
  socket.send(JSON.stringify(action));
}

/** @param {string} text */
function notify(text) {
  note.textContent = text;
  note.hidden = false;
  clearTimeout(noteTimer);
  noteTimer = setTimeout(() => (note.hidden = true), 5_000);
}

/** @param {any} view */
function columnFor(view) {
  const known = open.get(view.platform);
  if (known !== undefined) return known;
  const column = openColumn(view);
  open.set(view.platform, column);
  columns.append(column.element);
  return column;
}

/** One platform: head, tabs, messages, composer, faults. */
function openColumn({ platform, name, limits }) {
  const dot = make("span", { class: "dot" });
  const health = make("p");
  const tabs = make("div", { class: "tabs", role: "tablist" });
  const messages = make("div", { class: "messages", role: "log", "aria-label": `${name} messages` });
  const typing = make("p", { class: "typing" });
  const refused = make("div", { class: "refused" });
  const text = make("input", { "aria-label": `Message on ${name}`, placeholder: "Message", autocomplete: "off" });
  const file = make("input", { type: "file", class: "hidden", "aria-label": `File on ${name}` });
  const mention = make("input", { type: "checkbox" });
  const mentionLabel = make("label", {}, mention, "@bot");
  let chat = "direct";
  let drawn = "";

  const say = make("form", { class: "say" }, text, mentionLabel, make("button", {}, "Say"));
  const attach = make("button", { type: "button", title: "Send a file" }, "File");
  attach.addEventListener("click", () => file.click());
  say.append(attach, file);
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen === undefined) return;
    const base64 = await toBase64(chosen);
    const sent = { name: chosen.name, mediaType: chosen.type || "application/octet-stream", base64 };
    send({ type: "say", platform, chat, text: text.value, mention: mention.checked, file: sent });
    text.value = "";
    file.value = "";
  });
  say.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim() === "") return;
    send({ type: "say", platform, chat, text: text.value, mention: chat === "group" && mention.checked });
    text.value = "";
  });
  const faults = make("div", { class: "choices" });
  for (const [fault, label] of [
    ["cut", "Cut connections"],
    ["rate-limit", "429"],
    ["server-error", "503"],
    ["markup-refused", "Refuse markup"],
    ["redeliver", "Deliver again"],
    ["down", "Go down"],
    ["up", "Come back"],
  ]) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => send({ type: "fault", platform, fault }));
    faults.append(button);
  }
  const element = make(
    "section",
    { class: `platform ${platform}`, "aria-label": name },
    make("div", { class: "head" }, make("h2", {}, dot, name), make("p", {}, limits), health),
    tabs,
    messages,
    typing,
    say,
    make("details", {}, make("summary", {}, "Break it"), faults, refused),
  );

  const draw = (view) => {
    dot.className = `dot ${view.health.state}`;
    health.textContent =
      view.health.state === "live" ? "" : [view.health.state, view.health.detail, view.health.remedy ?? ""].join(" · ");
    refused.textContent = view.refusedCalls.length === 0 ? "" : `Refused calls: ${view.refusedCalls.join("; ")}`;
    const shown = view.chats.find(({ kind }) => kind === chat) ?? view.chats[0];
    mentionLabel.hidden = chat === "direct";
    tabs.replaceChildren(
      ...view.chats.map(({ kind, title }) => {
        const tab = make("button", { type: "button", role: "tab", "aria-selected": String(kind === chat) }, title);
        tab.addEventListener("click", () => {
          chat = kind;
          drawn = "";
          draw(view);
        });
        return tab;
      }),
    );
    typing.textContent = shown.typing ? "The bot is typing…" : "";
    const now = JSON.stringify(shown.messages);
    if (now === drawn) return;
    drawn = now;
    const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80;
    messages.replaceChildren(...shown.messages.map((message) => drawMessage(message, { platform, chat })));
    if (atEnd) messages.scrollTop = messages.scrollHeight;
  };
  return { element, draw };
}

/** One message with what can be done to it. */
function drawMessage(message, { platform, chat }) {
  const act = (action) => send({ platform, chat, messageId: message.id, ...action });
  const body = make("div", { class: "bubble" });
  // Made by the local platform as its client would draw it, from escaped text.
  body.innerHTML = message.html;
  const choices = make("div", { class: "choices" });
  for (const { label, kind, style, disabled } of message.choices) {
    const button = make("button", { type: "button", class: style ?? "", title: kind }, label);
    button.disabled = disabled === true;
    button.addEventListener("click", () => act({ type: "press", label }));
    choices.append(button);
  }
  const tool = (label, onClick) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", onClick);
    return button;
  };
  const tools = make("span", { class: "tools" });
  if (message.mine) {
    tools.append(
      tool("edit", () => {
        const words = prompt("New words", message.plain);
        if (words !== null) act({ type: "edit", text: words });
      }),
      tool("delete", () => act({ type: "remove" })),
    );
  } else tools.append(tool("👍", () => act({ type: "react", emoji: "👍" })));
  const marks = [
    message.edited ? "edited" : "",
    message.ephemeral ? "only you see this" : "",
    message.thread === undefined ? "" : "in a thread",
  ];
  const shownMarks = marks.filter((mark) => mark !== "").join(", ");
  return make(
    "article",
    { class: ["message", message.mine ? "mine" : "", message.ephemeral ? "ephemeral" : ""].join(" ") },
    make("p", { class: "who" }, message.author.name, " ", make("small", {}, shownMarks), " ", tools),
    body,
    ...message.files.map((name) => make("p", { class: "file" }, `📎 ${name}`)),
    message.choices.length > 0 ? choices : "",
    message.reactions.length > 0 ? make("p", { class: "reactions" }, message.reactions.join(" ")) : "",
  );
}

/** @param {File} file */
async function toBase64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ""));
  return element;
}
