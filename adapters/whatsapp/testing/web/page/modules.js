// The modules of WhatsApp's page that whatsapp-web.js 1.34.7 asks for.
window.Debug = { VERSION: window.parleyLocal.version };

const toBase64 = (buffer) => {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
};
const linksIn = (text) => [...String(text ?? "").matchAll(/https?:\/\/\S+/g)].map(([href]) => ({ href }));

/** Numbers by LID. A person who is addressed by a LID is one chat, whichever form is asked for. */
const { phones } = window.parleyLocal;
const widOrNone = (id) => (id === undefined ? undefined : widOf(id));
const phoneOf = (wid) => widOrNone(phones[wid._serialized]);
const lidOf = (wid) => widOrNone(Object.keys(phones).find((lid) => phones[lid] === wid._serialized));
const findChat = (wid) => Chats.get(wid) ?? Chats.get(lidOf(wid)) ?? Chats.get(phoneOf(wid)) ?? chatFor(wid);

class OpaqueData {
  constructor(blob, type) {
    Object.assign(this, { blob, type });
  }
  static async createFromData(blob, type) {
    return new OpaqueData(blob, type);
  }
  url() {
    return URL.createObjectURL(this.blob);
  }
  autorelease() {}
  formData() {
    return this.blob;
  }
}

class MediaData {
  constructor(fields) {
    Object.assign(this, fields);
  }
  set(fields) {
    Object.assign(this, fields);
  }
  toJSON() {
    const { mediaBlob: _blob, ...fields } = this;
    return fields;
  }
}

const prepareMedia = (data, { asDocument, isPtt }) => ({
  waitForPrep: async () => {
    const bytes = await data.blob.arrayBuffer();
    const shown = !asDocument && /^(?:image|video|audio)\//.test(data.type);
    return new MediaData({
      type: shown ? (isPtt ? "ptt" : data.type.split("/")[0]) : "document",
      isGif: false,
      mimetype: data.type,
      size: data.blob.size,
      filename: data.blob.name,
      filehash: toBase64(await crypto.subtle.digest("SHA-256", bytes)),
      mediaBytes: toBase64(bytes),
      mediaBlob: data,
    });
  },
});

const pollOf = ({ pollName, pollOptions }) =>
  pollName === undefined ? undefined : { question: pollName, options: pollOptions.map(({ name }) => name) };
const mediaOf = ({ mediaBytes, filename, mimetype }) =>
  mediaBytes === undefined ? undefined : { bytes: mediaBytes, name: filename, mediaType: mimetype };

const addAndSendMsgToChat = (chat, fields) => {
  const message = addMessage(fields);
  const sent = new Promise((resolve) =>
    message.once("change:ack", (_message, ack) => resolve({ messageSendResult: ack < 0 ? "ERROR_UNKNOWN" : "OK" })),
  );
  up({
    name: "send",
    id: message.id._serialized,
    stanza: message.id.id,
    chat: chat.id._serialized,
    type: message.type,
    body: message.body ?? "",
    caption: message.caption,
    poll: pollOf(message),
    media: mediaOf(message),
    quoted: message.quotedStanzaID,
    mentions: (message.mentionedJidList ?? []).map(String),
  });
  return [Promise.resolve(message), sent];
};

const sendMessageEdit = async (message, body) => {
  up({ name: "edit", id: message.id._serialized, body });
  message.latestEditSenderTimestampMs = Date.now();
  message.set("body", body);
};

const ageInMinutes = (message) => (Date.now() / 1000 - message.t) / 60;
const nothing = () => undefined;
const typing = (on) => async (wid) => up({ name: "typing", chat: String(wid), on });

const startAltLinkingFlow = async (phone) => {
  const code = "ABCD1234";
  up({ name: "pairing-code", phone, code });
  return code;
};

const modules = {
  WAWebSocketModel: { Socket },
  WAWebCmd: { Cmd },
  WAWebConnModel: { Conn },
  WAWebOfflineHandler: { OfflineMessageHandler: { getOfflineDeliveryProgress: () => 100 } },
  WAWebAltDeviceLinkingApi: {
    setPairingType: nothing,
    initializeAltDeviceLinking: async () => undefined,
    startAltLinkingFlow,
    initializeQRLinking: async () => undefined,
  },
  WAWebLaunchSocketUtils: { refreshQR: newRef },
  WABase64: { encodeB64: toBase64 },
  WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: "1" },
  WAWebAdvSignatureApi: {},
  WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: new Uint8Array(32) } }) } },
  WAWebSignalStoreApi: {
    waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: new Uint8Array(32) } }) },
  },
  WAWebUserPrefsMultiDevice: { getADVSecretKey: () => "local" },
  WAWebUserPrefsMeUser: { getMaybeMePnUser: self, getMaybeMeLidUser: selfLid },
  WAWebMiscBrowserUtils: { info: () => ({}) },
  WAWebCollections: {
    Msg: Messages,
    Chat: Chats,
    Contact: Contacts,
    Blocklist: { get: nothing },
    GroupMetadata: { update: async () => undefined },
    BusinessProfile: { find: async () => ({}) },
    Label: { getModelsArray: () => [] },
  },
  WAWebSyncGatingUtils: {},
  WAWebCallCollection: {},
  WAWebAddonReactionTableMode: { reactionTableMode: { bulkUpsert: async () => undefined } },
  WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert: async () => undefined } },
  WAWebBackendJobsCommon: { mediaTypeFromProtobuf: nothing },
  WAWebE2EProtoUtils: { typeAttributeFromProtobuf: nothing },
  WALinkify: { findLink: (text) => linksIn(text)[0], findLinks: linksIn },
  WAWebLinkPreviewChatAction: { getLinkPreview: async () => null },
  WAWebWidFactory: { createWid: widOf, createWidFromWidLike: widOf, asUserWidOrThrow: widOf },
  WAWebLidMigrationUtils: { toPn: phoneOf },
  WAWebApiContact: { getPhoneNumber: phoneOf, getCurrentLid: lidOf, getAlternateUserWid: nothing },
  WAWebQueryExistsJob: { queryWidExists: async (wid) => ({ wid }) },
  WAWebStreamModel: { Stream: { markAvailable: nothing, markUnavailable: nothing } },
  WAWebUpdateUnreadChatAction: { sendSeen: async ({ chat }) => up({ name: "seen", chat: chat.id._serialized }) },
  WAWebChatGetters: { getIsNewsletter: () => false, getIsBroadcast: (chat) => chat.id.isStatus() },
  WAWebFindChatAction: { findOrCreateLatestChat: async (wid) => ({ chat: findChat(wid) }) },
  WAWebChatLoadMessages: { loadEarlierMsgs: async () => [] },
  WAWebMsgKey: MsgKey,
  WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
  WAWebMsgReply: { canReplyMsg: () => true },
  WAWebMsgActionCapability: {
    canEditText: (message) => message.id.fromMe && message.type === "chat" && ageInMinutes(message) < 15,
    canEditCaption: () => false,
    canSenderRevokeMsg: (message) => message.id.fromMe,
    canAdminRevokeMsg: () => false,
  },
  WAWebSendMsgChatAction: { addAndSendMsgToChat },
  WAWebSendMessageEditAction: { sendMessageEdit },
  WAWebSendReactionMsgAction: {
    sendReactionToMsg: async (message, emoji) => up({ name: "react", id: message.id._serialized, emoji }),
  },
  WAWebChatStateBridge: {
    sendChatStateComposing: typing(true),
    sendChatStateRecording: typing(true),
    sendChatStatePaused: typing(false),
  },
  WAWebFrontendContactGetters: { getIsMyContact: () => false },
  WAWebMediaOpaqueData: OpaqueData,
  WAWebPrepRawMedia: { prepRawMedia: prepareMedia },
  WAWebMediaStorage: { getOrCreateMediaObject: (filehash) => ({ filehash, contentInfo: {}, consolidate: nothing }) },
  WAWebMmsMediaTypes: { msgToMediaType: ({ type }) => type, castToV4: (type) => type },
  WAWebMediaDataUtils: { shouldUseMediaCache: () => false },
  WAWebMediaMmsV4Upload: {
    uploadMedia: async () => ({ mediaEntry: { mmsUrl: "https://mmg.whatsapp.net/local", mediaKey: "local" } }),
  },
  WAWebDownloadManager: {
    downloadManager: {
      downloadAndMaybeDecrypt: async ({ directPath }) => await (await fetch(directPath)).arrayBuffer(),
    },
  },
};

window.require = (name) => {
  if (Object.hasOwn(modules, name)) return modules[name];
  up({ name: "missing-module", module: name });
  throw new Error(`This page has no module ${name}`);
};
