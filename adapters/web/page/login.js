/**
 * The login of this browser. Its tokens are in cookies that no script reads; a third cookie tells until when the shorter one
 * is good. It is renewed before that, and where it cannot be renewed any more the page says so and becomes nobody else.
 */

const MARGIN_MS = 90_000;
const LOOK_MS = 30_000;
/** Where the clock here goes wrong, it is renewed no more often than this. */
const RENEWED_MS = 5 * 60_000;

/**
 * @param {{
 *   token: string | null,
 *   memory: ReturnType<import("./memory.js").openMemory>,
 *   onEnded: () => void,
 * }} options
 */
export function openLogin({ token, memory, onEnded }) {
  let renewedAt = -RENEWED_MS;
  let hasEnded = false;
  /** @type {Promise<boolean> | undefined} */
  let renewing;

  const goodUntil = () => /(?:^|; )__Host-parley_login=(\d+)/.exec(document.cookie)?.[1];
  const isDue = () =>
    Number(goodUntil()) - Date.now() < MARGIN_MS && Math.abs(Date.now() - renewedAt) >= RENEWED_MS;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    onEnded();
  };
  /** Logged in now, or when this page was last open. A token of its own counts instead. */
  const isLogin = () => {
    if (token !== null) return false;
    if (goodUntil() === undefined) return memory.get("login") !== null;
    memory.set("login", "1");
    return true;
  };

  const ask = async () => {
    const before = goodUntil();
    return await oneTab(async () => {
      if (goodUntil() === undefined) end();
      if (hasEnded) return false;
      if (goodUntil() !== before) return true;
      const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      const response = await fetch("/api/v1/auth/refresh", init).catch(() => undefined);
      if (response?.status === 401) end();
      if (response?.ok === true) renewedAt = Date.now();
      return response?.ok === true;
    });
  };
  /** Whether it is good again; false too where there is none. */
  const renew = async () => {
    if (hasEnded || !isLogin()) return false;
    renewing ??= ask().finally(() => (renewing = undefined));
    return await renewing;
  };
  /** Whether calls may be made: as a guest, or with a login that is still good. False where that is not to be known now. */
  const ready = async () => {
    if (!hasEnded && !isLogin()) return true;
    const isDone = renewing === undefined && goodUntil() !== undefined && !isDue();
    // Where the server does not answer in time, what is still good counts.
    return isDone || (await renew()) || Number(goodUntil()) > Date.now();
  };

  setInterval(() => void ready(), LOOK_MS);
  return {
    ready,
    renew,
    hasEnded: () => hasEnded,
    /** The next visit is a guest's. */
    forget: () => {
      for (const key of ["login", "session", "since"]) memory.remove(key);
    },
  };
}

/**
 * Several tabs do it one after the other.
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function oneTab(work) {
  return navigator.locks === undefined ? await work() : await navigator.locks.request("parley.login", work);
}
