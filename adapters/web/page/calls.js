/** The HTTP calls the page makes beside its socket. */

/**
 * @param {{ api: string, token: string | null, session: () => string | null }} options
 */
export function openCalls({ api, token, session }) {
  const headers = () => (token === null ? {} : { authorization: `Bearer ${token}` });
  const query = (/** @type {Record<string, string>} */ more) =>
    new URLSearchParams({ sessionId: session() ?? "", ...more }).toString();

  return {
    /**
     * A page of messages, oldest first; `next` is the cursor of those before.
     * @param {string | undefined} cursor
     * @param {number} limit
     */
    history: async (cursor, limit) => {
      const more = cursor === undefined ? {} : { cursor };
      const response = await fetch(`${api}/chat/history?${query({ limit: String(limit), ...more })}`, {
        headers: headers(),
      });
      if (!response.ok) throw new Error(await detailOf(response));
      return await response.json();
    },
    /**
     * Fetches a reply's file and hands it to the browser as a download.
     * @param {{ name: string, spoolKey: string }} file
     */
    save: async ({ name, spoolKey }) => {
      const response = await fetch(`${api}/chat/files/${spoolKey}?${query({})}`, { headers: headers() });
      if (!response.ok) throw new Error(await detailOf(response));
      const address = URL.createObjectURL(await response.blob());
      const link = document.createElement("a");
      link.href = address;
      link.download = name;
      link.click();
      URL.revokeObjectURL(address);
    },
    /** What was proposed and what became of it. */
    actions: async () => {
      const response = await fetch(`${api}/actions?${query({})}`, { headers: headers() });
      if (!response.ok) throw new Error(await detailOf(response));
      return (await response.json()).actions;
    },
    /** Starts the session anew; gives the time from which on it is new. */
    reset: async () => {
      const id = encodeURIComponent(session() ?? "");
      const response = await fetch(`${api}/sessions/${id}/reset`, { method: "POST", headers: headers() });
      if (!response.ok) throw new Error(await detailOf(response));
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
      const done = new Promise((resolve, reject) => {
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
      });
      return { done, cancel: () => request.abort() };
    },
  };
}

/** @param {Response} response */
async function detailOf(response) {
  const body = await response.json().catch(() => undefined);
  return body?.detail ?? `The server answered ${response.status}.`;
}
