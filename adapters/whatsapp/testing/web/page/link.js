// The page's line to its server: what it has to say waits until it is heard, in order, as WhatsApp Web does.
const outbox = [];
let sendingUp = false;

const up = (operation) => {
  outbox.push(JSON.stringify(operation));
  void drain();
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const drain = async () => {
  if (sendingUp) return;
  sendingUp = true;
  while (outbox.length > 0) {
    const heard = await fetch("/up", { method: "POST", body: outbox[0] }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (heard) outbox.shift();
    else await pause(150);
  }
  sendingUp = false;
};

const setState = (state) => {
  Socket.state = state;
  Socket.trigger("change:state", Socket, state);
};

const Socket = Object.assign(new Emitter(), {
  state: "OPENING",
  hasSynced: false,
  logout: async () => {
    localStorage.removeItem("device");
    up({ name: "logout" });
  },
  takeover: () => setState("CONNECTED"),
});

const Cmd = Object.assign(new Emitter(), {
  refreshQR: () => newRef(),
  sendRevokeMsgs: async (_chat, { list }) => {
    for (const message of list) {
      up({ name: "revoke", id: message.id._serialized });
      message.set("type", "revoked");
    }
  },
  sendDeleteMsgs: async (chat, { list }) => {
    for (const message of list) {
      Messages.remove(message);
      chat.messages.splice(chat.messages.indexOf(message), 1);
    }
  },
});

let me;
const self = () => (me === undefined ? undefined : widOf(me.number));
const selfLid = () => (me === undefined ? undefined : widOf(me.lid));

const Conn = Object.assign(new Emitter(), {
  ref: undefined,
  platform: "android",
  serialize: () => ({ pushname: "Bot", platform: "android", wid: plainWid(self()), ref: Conn.ref }),
});
Object.defineProperty(Conn, "wid", { get: self });

const newRef = () => {
  Conn.ref = `2@${crypto.randomUUID()}`;
  Conn.trigger("change:ref", Conn, Conn.ref);
  up({ name: "ref", ref: Conn.ref });
};

const until = async (condition) => {
  while (!condition()) await pause(20);
};

// Messages that arrived meanwhile are there before anybody listens: who wants them must look.
const sync = async () => {
  setState("CONNECTED");
  await until(() => Socket.has("change:hasSynced") && window.onAppStateHasSyncedEvent !== undefined);
  Cmd.trigger("offline_progress_update_from_bridge");
  Socket.hasSynced = true;
  Socket.trigger("change:hasSynced", Socket, true);
  await until(() => window.WWebJS !== undefined && Messages.has("add"));
  up({ name: "synced" });
};

const keyOf = ({ id, remote, fromMe, participant }) => {
  const by = participant === undefined ? undefined : widOf(participant);
  return new MsgKey({ fromMe, id, from: widOf(remote), to: widOf(remote), participant: by });
};

const quoting = (quoted) =>
  quoted === undefined
    ? {}
    : {
        quotedStanzaID: quoted.id,
        quotedParticipant: quoted.participant,
        quotedMsg: { type: "chat", body: quoted.body },
      };

const received = ({ key, chat, quoted, mentions = [], ...fields }, isNew) => {
  const id = keyOf(key);
  if (chat !== undefined) chatFor(id.remote, chat);
  if (!id.fromMe) contactFor(id.participant ?? id.remote, fields.notifyName);
  return addMessage({
    ack: 1,
    ...fields,
    id,
    author: id.participant,
    from: id.fromMe ? self() : id.remote,
    to: id.fromMe ? id.remote : self(),
    self: id.fromMe ? "out" : "in",
    isNewMsg: isNew,
    mentionedJidList: mentions,
    ...quoting(quoted),
  });
};

const isKnown = ({ key }) => Messages.get(keyOf(key)) !== undefined;

const down = {
  linked: ({ device, number, lid, messages }) => {
    localStorage.setItem("device", device);
    me = { number, lid };
    if (Socket.hasSynced) {
      // Back after a cut: what came meanwhile arrives now.
      for (const message of messages) if (!isKnown(message)) received(message, true);
      setState("CONNECTED");
      return;
    }
    for (const message of messages) received(message, false);
    setState("PAIRING");
    void sync();
  },
  unlinked: () => {
    localStorage.removeItem("device");
    if (me !== undefined) {
      down.logout();
      return;
    }
    newRef();
    setState("UNPAIRED");
  },
  message: ({ message }) => {
    if (!isKnown(message)) received(message, true);
  },
  again: ({ id }) => {
    const message = Messages.get(id);
    if (message !== undefined) Messages.trigger("add", Object.assign(message, { isNewMsg: true }));
  },
  ack: ({ id, ack }) => Messages.get(id)?.set("ack", ack),
  edit: ({ id, body, at }) => {
    const message = Messages.get(id);
    if (message === undefined) return;
    message.latestEditSenderTimestampMs = at;
    message.set(message.directPath === undefined ? "body" : "caption", body);
  },
  revoke: ({ id }) => Messages.get(id)?.set("type", "revoked"),
  reaction: ({ parent, by, emoji, at }) => {
    const reaction = {
      id: keyOf({ ...parent, id: `R${at}` }).toJSON(),
      reactionParentKey: keyOf(parent).toJSON(),
      reactionTimestamp: at,
      author: plainWid(widOf(by)),
      reactionText: emoji,
    };
    window.require("WAWebAddonReactionTableMode").reactionTableMode.bulkUpsert([reaction]);
  },
  vote: ({ parent, by, options, at }) => {
    const vote = {
      id: keyOf({ ...parent, id: `V${at}` }).toJSON(),
      pollUpdateParentKey: keyOf(parent).toJSON(),
      t: at,
      senderTimestampMs: at,
      author: plainWid(widOf(by)),
      selectedOptionLocalIds: options,
    };
    window.require("WAWebAddonPollVoteTableMode").pollVoteTableMode.bulkUpsert([vote]);
  },
  state: ({ state }) => setState(state),
  logout: () => {
    me = undefined;
    localStorage.removeItem("device");
    Cmd.trigger("logout");
    setTimeout(() => {
      location.href = "/?post_logout=1";
    }, 50);
  },
};

const connect = () => {
  const source = new EventSource(`/down?device=${localStorage.getItem("device") ?? ""}`);
  source.onmessage = ({ data }) => {
    const { name, ...operation } = JSON.parse(data);
    down[name]?.(operation);
  };
  source.onerror = () => {
    source.close();
    if (Socket.state === "CONNECTED") setState("TIMEOUT");
    setTimeout(connect, 150);
  };
};
setTimeout(connect, 50);
