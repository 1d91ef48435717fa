/**
 * The socket: reconnects with back-off, resumes after the last event, and keeps what was not accepted yet to send it
 * again. A message is sent under its own id, so that sending it twice does not double it.
 */

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 15_000;
const PING_MS = 20_000;
const PONG_MS = 10_000;
const RETRY_MS = 3_000;
/** Close codes after which the same session would be refused again. */
const SESSION_GONE = new Set([4404, 4403, 4410]);
/** Whoever opened it is not logged in any more. */
const LOGIN_GONE = 4401;

/**
 * What opens a socket in the place of the token, which never stands in an address. Null where there is no token, or no
 * ticket is to be had: then the socket is refused, and tried again.
 * @param {string | null} token
 * @param {string} path
 * @returns {Promise<string | null>}
 */
async function ticketOf(token, path) {
  if (token === null) return null;
  try {
    const response = await fetch("/api/v1/tickets", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ path }),
    });
    return response.ok ? (await response.json()).ticket : null;
  } catch {
    return null;
  }
}

/**
 * @typedef {{ type: string, id?: string, messageId?: string, [key: string]: any }} Frame
 * @param {{
 *   api: string,
 *   token: string | null,
 *   memory: ReturnType<import("./memory.js").openMemory>,
 *   login: ReturnType<import("./login.js").openLogin>,
 *   onFrame: (frame: Frame) => void,
 *   onState: (state: "connecting" | "online" | "offline", detail?: string) => void,
 *   onSessionGone: () => void,
 * }} options
 */
export function openConnection({ api, token, memory, login, onFrame, onState, onSessionGone }) {
  /** @type {Map<string, Frame>} */
  const unsent = new Map();
  /** @type {WebSocket | undefined} */
  let socket;
  let opening = false;
  let ready = false;
  let lastEventId = "";
  let failures = 0;
  let retryTimer = 0;
  let pongTimer = 0;

  const connect = () => {
    clearTimeout(retryTimer);
    if (opening || (socket !== undefined && socket.readyState <= WebSocket.OPEN)) return;
    onState("connecting");
    opening = true;
    void prepare();
  };

  /** The socket is opened as whoever is logged in, and not as a guest in their place. */
  const prepare = async () => {
    const isReady = await login.ready();
    const ticket = isReady ? await ticketOf(token, `${api}/chat/stream`) : null;
    opening = false;
    if (isReady) open(ticket);
    else again();
  };

  const open = (/** @type {string | null} */ ticket) => {
    const mine = new WebSocket(address(ticket));
    socket = mine;
    mine.onmessage = ({ data }) => {
      if (socket === mine) receive(JSON.parse(data));
    };
    mine.onclose = ({ code }) => {
      if (socket === mine) lost(code);
    };
  };

  const address = (/** @type {string | null} */ ticket) => {
    const query = new URLSearchParams();
    const sessionId = memory.get("session");
    if (sessionId !== null) query.set("sessionId", sessionId);
    if (sessionId !== null && lastEventId !== "") query.set("lastEventId", lastEventId);
    if (ticket !== null) query.set("ticket", ticket);
    return `${location.origin.replace(/^http/, "ws")}${api}/chat/stream?${query}`;
  };

  const receive = (/** @type {Frame} */ frame) => {
    clearTimeout(pongTimer);
    if (frame.type === "pong") return;
    if (frame.id !== undefined) lastEventId = frame.id;
    if (frame.type === "session") {
      memory.set("session", frame.sessionId);
      ready = true;
      failures = 0;
      onState("online");
      onFrame(frame);
      for (const waiting of unsent.values()) transmit(waiting);
      return;
    }
    if (frame.type === "accepted") unsent.delete(frame.messageId ?? "");
    if (frame.type === "error" && frame.messageId !== undefined) refused(frame.messageId, frame);
    onFrame(frame);
  };

  const refused = (/** @type {string} */ messageId, /** @type {Frame} */ { retryable, retryAfterMs = 0 }) => {
    const waiting = unsent.get(messageId);
    const pause = Math.max(RETRY_MS, retryAfterMs);
    if (!retryable) unsent.delete(messageId);
    else if (waiting !== undefined) setTimeout(() => unsent.has(messageId) && transmit(waiting), pause);
  };

  const lost = (/** @type {number} */ code) => {
    ready = false;
    clearTimeout(pongTimer);
    if (SESSION_GONE.has(code)) {
      memory.remove("session");
      lastEventId = "";
      onSessionGone();
      connect();
      return;
    }
    if (code === LOGIN_GONE) void login.renew();
    again();
  };

  const again = () => {
    if (login.hasEnded()) return onState("offline", "Not logged in");
    failures += 1;
    onState("offline");
    if (failures === 2) void explain();
    const pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    retryTimer = setTimeout(connect, pause * (0.5 + Math.random()));
  };

  /** A browser does not tell why a socket was refused; a plain request does. */
  const explain = async () => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/sessions/-`, { headers }).catch(() => undefined);
    if (response?.status !== 401 || (await login.renew()) || login.hasEnded()) return;
    onState("offline", "This server asks who you are: log in at /account/login, or open /#access_token=…");
  };

  const transmit = (/** @type {Frame} */ frame) => {
    if (ready && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };

  setInterval(() => {
    if (!ready) return;
    transmit({ type: "ping" });
    clearTimeout(pongTimer);
    pongTimer = setTimeout(() => socket?.close(), PONG_MS);
  }, PING_MS);
  addEventListener("online", connect);
  addEventListener("offline", () => socket?.close());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") connect();
  });
  connect();

  return {
    /** Sends now, or as soon as there is a connection. @param {Frame} frame */
    send: (frame) => {
      if (frame.messageId !== undefined) unsent.set(frame.messageId, frame);
      transmit(frame);
    },
    /** How many messages wait to be accepted. */
    waiting: () => unsent.size,
  };
}
