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
  // A phone's keyboard reports no Shift key of its own, but says `shiftKey` with Enter where it is about to write a capital.
  let shift = false;
  addEventListener("keydown", ({ key }) => (shift ||= key === "Shift"));
  addEventListener("keyup", ({ key }) => (shift &&= key !== "Shift"));
  addEventListener("blur", () => (shift = false));
  // Told for every Enter that would break the line: by a key or on glass, but not for one that ends a composition.
  text.addEventListener("beforeinput", (/** @type {InputEvent} */ event) => {
    if (shift || !/^insert(?:LineBreak|Paragraph)$/u.test(event.inputType)) return;
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
