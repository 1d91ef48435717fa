/** The field to write in: grows with its text, sends with Enter, takes files. */

/**
 * @param {{
 *   byId: (id: string) => any,
 *   uploads: { add: (files: Iterable<File>) => void, ready: () => boolean, count: () => number },
 *   onSend: (text: string) => void,
 * }} options
 */
export function openComposer({ byId, uploads, onSend }) {
  const [form, text, send, picker, drop] = ["composer", "text", "send", "file", "drop"].map(byId);
  const touch = matchMedia("(pointer: coarse)");

  const update = () => {
    const empty = text.value.trim() === "" && uploads.count() === 0;
    send.disabled = empty || !uploads.ready();
  };
  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, innerHeight * 0.4)}px`;
    update();
  };
  const submit = () => {
    update();
    if (send.disabled) return;
    const words = text.value;
    text.value = "";
    grow();
    onSend(words);
  };

  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
    text.focus();
  });
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    // On a phone Enter is the only way to start a new line.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch.matches) return;
    event.preventDefault();
    submit();
  });
  text.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    uploads.add(files);
  });
  byId("attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    uploads.add([...picker.files]);
    picker.value = "";
    text.focus();
  });

  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") === true;
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.hidden = true;
    uploads.add([...(event.dataTransfer?.files ?? [])]);
  });

  return { update, focus: () => text.focus() };
}
