/** The HTTP calls the page makes beside its socket. */

const NOT_READY = "The server cannot be asked now; please try again.";

/**
 * @param {{
 *   api: string,
 *   token: string | null,
 *   session: () => string | null,
 *   login: ReturnType<import("./login.js").openLogin>,
 * }} options
 */
export function openCalls({ api, token, session, login }) {
  const headers = () => (token === null ? {} : { authorization: `Bearer ${token}` });
  const query = (/** @type {Record<string, string>} */ more) =>
    new URLSearchParams({ sessionId: session() ?? "", ...more }).toString();
  /** As whoever is logged in, and never as a guest in their place. */
  const ask = async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
    if (!(await login.ready())) throw new Error(NOT_READY);
    const send = async () => await fetch(`${api}${path}`, { ...init, headers: headers() });
    const first = await send();
    const response = first.status === 401 && (await login.renew()) ? await send() : first;
    if (!response.ok) throw new Error(await detailOf(response));
    return response;
  };

  return {
    /**
     * A page of messages, oldest first; `next` is the cursor of those before.
     * @param {string | undefined} cursor
     * @param {number} limit
     */
    history: async (cursor, limit) => {
      const more = cursor === undefined ? {} : { cursor };
      return await (await ask(`/chat/history?${query({ limit: String(limit), ...more })}`)).json();
    },
    /**
     * Fetches a reply's file and hands it to the browser as a download.
     * @param {{ name: string, spoolKey: string }} file
     */
    save: async ({ name, spoolKey }) => {
      const response = await ask(`/chat/files/${spoolKey}?${query({})}`);
      const address = URL.createObjectURL(await response.blob());
      const link = document.createElement("a");
      link.href = address;
      link.download = name;
      link.click();
      URL.revokeObjectURL(address);
    },
    /** What was proposed and what became of it. */
    actions: async () => (await (await ask(`/actions?${query({})}`)).json()).actions,
    /** Starts the session anew; gives the time from which on it is new. */
    reset: async () => {
      const id = encodeURIComponent(session() ?? "");
      const response = await ask(`/sessions/${id}/reset`, { method: "POST" });
      return (await response.json()).resetAt;
    },
    /**
     * Uploads one file; XMLHttpRequest, since fetch does not tell the progress.
     * @param {File} file
     * @param {(share: number) => void} onProgress
     * @returns {{ done: Promise<{ id: string, name: string }>, cancel: () => void }}
     */
    upload: (file, onProgress) => {
      const request = new XMLHttpRequest();
      let isCancelled = false;
      const send = (/** @type {(value: any) => void} */ resolve, /** @type {(why: Error) => void} */ reject) => {
        if (isCancelled) return reject(new Error("Cancelled."));
        request.open("POST", `${api}/chat/attachments?${query({ name: file.name.slice(-200) })}`);
        for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
        request.setRequestHeader("content-type", file.type || "application/octet-stream");
        request.responseType = "json";
        request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
        request.onload = () => {
          if (request.status === 201) resolve(request.response);
          else reject(new Error(request.response?.detail ?? `The server answered ${request.status}.`));
        };
        request.onerror = () => reject(new Error("The connection was lost."));
        request.onabort = () => reject(new Error("Cancelled."));
        request.send(file);
      };
      const done = login.ready().then((isReady) => {
        if (!isReady) throw new Error(NOT_READY);
        return new Promise(send);
      });
      const cancel = () => {
        isCancelled = true;
        request.abort();
      };
      return { done, cancel };
    },
  };
}

/** @param {Response} response */
async function detailOf(response) {
  const body = await response.json().catch(() => undefined);
  return body?.detail ?? `The server answered ${response.status}.`;
}
