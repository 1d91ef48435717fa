/** What the browser remembers between visits; nothing where storage is forbidden. */

/**
 * @param {string} scope one per account, so that two chats on one server stay apart
 */
export function openMemory(scope) {
  const name = (/** @type {string} */ key) => `parley.${scope}.${key}`;
  return {
    /** @param {string} key @returns {string | null} */
    get: (key) => attempt(() => localStorage.getItem(name(key))),
    /** @param {string} key @param {string} value */
    set: (key, value) => void attempt(() => localStorage.setItem(name(key), value)),
    /** @param {string} key */
    remove: (key) => void attempt(() => localStorage.removeItem(name(key))),
  };
}

/**
 * The gateway's access token where it asks for one: handed over once behind `#`, so that no server log has it. Links to
 * sources carry it in a cookie, which the server takes for reading pages only.
 * @returns {string | null}
 */
export function takeAccessToken() {
  const given = /^#access_token=(.+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    attempt(() => sessionStorage.setItem("parley.access-token", decodeURIComponent(given)));
    history.replaceState(null, "", location.pathname + location.search);
  }
  const token = attempt(() => sessionStorage.getItem("parley.access-token"));
  if (token !== null) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `parley_access=${encodeURIComponent(token)}; Path=/; SameSite=Strict${secure}`;
  }
  return token;
}

/**
 * @template Result
 * @param {() => Result} work
 * @returns {Result | null}
 */
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}
