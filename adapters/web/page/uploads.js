/** Files on their way to a message: by button, by drop, by paste. */
import { element } from "./dom.js";

/**
 * @param {{
 *   list: HTMLElement,
 *   calls: ReturnType<import("./calls.js").openCalls>,
 *   maxBytes: number,
 *   onChange: () => void,
 *   onProblem: (text: string) => void,
 * }} options
 */
export function openUploads({ list, calls, maxBytes, onChange, onProblem }) {
  /** @type {Set<{ name: string, id?: string, item: HTMLElement, cancel: () => void }>} */
  const files = new Set();
  const changed = () => {
    list.hidden = files.size === 0;
    onChange();
  };

  const add = (/** @type {File} */ file) => {
    if (files.size >= 10) return onProblem("At most 10 files go with one message.");
    if (file.size === 0) return onProblem(`“${file.name}” is empty.`);
    if (file.size > maxBytes) return onProblem(`“${file.name}” is larger than ${sizeOf(maxBytes)}.`);
    const bar = element("progress", { max: "1", value: "0", "aria-label": `Uploading ${file.name}` });
    const state = element("span", { class: "file-state" }, sizeOf(file.size));
    const remove = element("button", { type: "button", class: "file-remove", "aria-label": `Remove ${file.name}` }, "×");
    const item = element("li", { class: "file" }, element("span", { class: "file-name" }, file.name), state, bar, remove);
    const { done, cancel } = calls.upload(file, (share) => bar.setAttribute("value", String(share)));
    const entry = { name: file.name, item, cancel, id: /** @type {string | undefined} */ (undefined) };
    remove.addEventListener("click", () => {
      cancel();
      files.delete(entry);
      item.remove();
      changed();
    });
    files.add(entry);
    list.append(item);
    changed();
    done.then(
      ({ id }) => {
        entry.id = id;
        bar.remove();
        item.classList.add("ready");
        changed();
      },
      (/** @type {Error} */ error) => {
        files.delete(entry);
        if (!item.isConnected) return;
        bar.remove();
        item.classList.add("failed");
        state.textContent = error.message;
        changed();
      },
    );
  };

  return {
    /** @param {Iterable<File>} chosen */
    add: (chosen) => {
      for (const file of chosen) add(file);
    },
    /** False while a file is still being uploaded. */
    ready: () => [...files].every(({ id }) => id !== undefined),
    count: () => files.size,
    /** Hands over what is uploaded and starts afresh. */
    take: () => {
      const taken = [...files].flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name }]));
      files.clear();
      list.replaceChildren();
      changed();
      return taken;
    },
  };
}

/** @param {number} bytes */
function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
