// Runs in WhatsApp's page: lets the next message have an id that the bot chose. Gives true when that works.
(() => {
  if (window.parleyChooseMessageId !== undefined) return true;
  const keys = window.require("WAWebMsgKey");
  const random = keys.newId;
  let chosen;
  const newId = async () => {
    if (chosen === undefined) return await random.call(keys);
    const id = chosen;
    chosen = undefined;
    return id;
  };
  try {
    keys.newId = newId;
  } catch {
    // A frozen module: WhatsApp chooses.
  }
  window.parleyChooseMessageId = (id) => {
    chosen = id;
  };
  return keys.newId === newId;
})();
