// The data of WhatsApp's page: ids, messages, chats and the collections that tell of their changes.
class Emitter {
  listeners = new Map();
  on(names, listener) {
    for (const name of names.split(" ")) this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return this;
  }
  once(name, listener) {
    const only = (...values) => {
      this.off(name, only);
      listener(...values);
    };
    return this.on(name, only);
  }
  off(name, listener) {
    const others = (this.listeners.get(name) ?? []).filter((one) => one !== listener);
    this.listeners.set(name, others);
    return this;
  }
  has(name) {
    return (this.listeners.get(name) ?? []).length > 0;
  }
  trigger(name, ...values) {
    for (const listener of this.listeners.get(name) ?? []) listener(...values);
  }
}

class Wid {
  constructor(whole) {
    const [user, server] = whole.split("@");
    Object.assign(this, { user, server, _serialized: whole });
  }
  isUser() {
    return this.server === "c.us" || this.server === "lid";
  }
  isLid() {
    return this.server === "lid";
  }
  isGroup() {
    return this.server === "g.us";
  }
  isStatus() {
    return this._serialized === "status@broadcast";
  }
  toJid() {
    return this._serialized;
  }
  toString() {
    return this._serialized;
  }
}

const widOf = (id) => (id instanceof Wid ? id : new Wid(typeof id === "string" ? id : id._serialized));
const plainWid = (wid) => (wid instanceof Wid ? { ...wid } : wid);

class MsgKey {
  constructor({ from, to, id, participant, selfDir, fromMe }) {
    this.fromMe = fromMe ?? selfDir === "out";
    this.remote = this.fromMe || to?.isGroup?.() ? to : from;
    this.id = id;
    this.participant = participant;
    const parts = [this.fromMe, this.remote._serialized, id, participant?._serialized];
    this._serialized = parts.filter((part) => part !== undefined).join("_");
  }
  static async newId() {
    const random = [...crypto.getRandomValues(new Uint8Array(9))];
    return (
      "3EB0" +
      random
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("")
        .toUpperCase()
    );
  }
  toString() {
    return this._serialized;
  }
  toJSON() {
    const { fromMe, remote, id, participant, _serialized } = this;
    const by = participant === undefined ? {} : { participant: plainWid(participant) };
    return { fromMe, remote: plainWid(remote), id, _serialized, ...by };
  }
}

class Collection extends Emitter {
  models = new Map();
  get(key) {
    return this.models.get(typeof key === "string" ? key : key?._serialized);
  }
  async find(key) {
    return this.get(key);
  }
  add(model) {
    this.models.set(model.id._serialized, model);
    this.trigger("add", model);
    return model;
  }
  remove(model) {
    if (this.models.delete(model.id._serialized)) this.trigger("remove", model);
  }
  getModelsArray() {
    return [...this.models.values()];
  }
  async getMessagesById(keys) {
    return { messages: keys.map((key) => this.get(key)).filter((model) => model !== undefined) };
  }
}

const Messages = new Collection();
const Chats = new Collection();
const Contacts = new Collection();

/** Never part of what a message says of itself. */
const HIDDEN = ["listeners", "mediaData", "mediaBytes", "mediaBlob"];

class Msg extends Emitter {
  constructor(fields) {
    super();
    Object.assign(this, fields);
    this.mediaData ??= { mediaStage: "RESOLVED" };
  }
  serialize() {
    const shown = Object.entries(this).filter(([name, value]) => !HIDDEN.includes(name) && typeof value !== "function");
    return { ...Object.fromEntries(shown.map(([name, value]) => [name, plainWid(value)])), id: this.id.toJSON() };
  }
  toJSON() {
    return this.serialize();
  }
  unsafe() {
    return this;
  }
  canReply() {
    return true;
  }
  msgContextInfo() {
    const { type, body, id, author, from } = this;
    return { quotedMsg: { type, body }, quotedStanzaID: id.id, quotedParticipant: author ?? from };
  }
  async downloadMedia() {
    this.mediaData.mediaStage = "RESOLVED";
  }
  set(name, value) {
    const before = this[name];
    this[name] = value;
    this.trigger(`change:${name}`, this, value, before);
    Messages.trigger(`change:${name}`, this, value, before);
    Messages.trigger("change", this);
  }
}
Messages.modelClass = Msg;

const groupFacts = (participants) => ({
  announce: false,
  isLidAddressingMode: false,
  serialize: () => ({
    participants: participants.map((one) => ({ id: plainWid(widOf(one)), isAdmin: false, isSuperAdmin: false })),
  }),
});

const chatFor = (id, { title, participants = [] } = {}) => {
  const wid = widOf(id);
  const known = Chats.get(wid);
  if (known !== undefined) return known;
  const messages = [];
  const chat = {
    id: wid,
    formattedTitle: title ?? wid.user,
    unreadCount: 0,
    t: 0,
    archive: false,
    mute: { expiration: 0 },
    messages,
    msgs: { getModelsArray: () => [...messages], add: (message) => messages.push(message) },
    groupMetadata: wid.isGroup() ? groupFacts(participants) : undefined,
    serialize: () => ({
      id: plainWid(wid),
      formattedTitle: chat.formattedTitle,
      unreadCount: chat.unreadCount,
      t: chat.t,
      archive: false,
      muteExpiration: 0,
      msgs: messages.map((message) => message.serialize()),
    }),
  };
  return Chats.add(chat);
};

const contactFor = (id, name) => {
  const wid = widOf(id);
  const known = Contacts.get(wid);
  if (known !== undefined) return Object.assign(known, name === undefined ? {} : { pushname: name });
  const contact = {
    id: wid,
    pushname: name,
    isContactBlocked: false,
    serialize: () => ({ id: plainWid(wid), pushname: contact.pushname, type: "in" }),
  };
  return Contacts.add(contact);
};
Contacts.find = async (id) => contactFor(id);

const addMessage = (fields) => {
  const message = new Msg(fields);
  const chat = chatFor(message.id.remote);
  chat.msgs.add(message);
  chat.t = Math.max(chat.t, message.t);
  chat.lastReceivedKey = message.id;
  return Messages.add(message);
};
