/** Made by `npm run client` from the OpenAPI document. Do not edit. */
export interface paths {
  readonly "/health/live": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The process runs
     * @description Needs no login.
     */
    readonly get: operations["getHealthLive"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/health/ready": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The process can do its work
     * @description Needs no login.
     */
    readonly get: operations["getHealthReady"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/metrics": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Metrics in the Prometheus text format
     * @description Needs the permission `metrics:read`, of a role with all bots.
     */
    readonly get: operations["getMetrics"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/tickets": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * A ticket that opens one WebSocket within 30 seconds, where no header can be sent
     * @description Needs the permission `tickets:create`.
     */
    readonly post: operations["postTickets"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/chat": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Say something and wait for the answer; after 30 s (or `wait`) 202 with a link to ask again
     * @description Needs the permission `chat:use`. Whoever has it for what is their own finds nothing else.
     */
    readonly post: operations["postChat"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/chat/messages/{messageId}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The answer to a message that was sent before
     * @description Needs the permission `conversations:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getChatMessagesByMessageId"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/actions": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What was proposed in a session and what became of it, newest first
     * @description Needs the permission `actions:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getActions"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/actions/confirm": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Confirm a proposal: what was proposed is done
     * @description Needs the permission `actions:decide`. Whoever has it for what is their own finds nothing else.
     */
    readonly post: operations["postActionsConfirm"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/actions/cancel": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Cancel a proposal: nothing is done
     * @description Needs the permission `actions:decide`. Whoever has it for what is their own finds nothing else.
     */
    readonly post: operations["postActionsCancel"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/chat/history": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What was said, oldest first; the next page is of what came before
     * @description Needs the permission `conversations:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getChatHistory"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/chat/session": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    /**
     * Forget the session and everything said in it; its id stops working
     * @description Needs the permission `conversations:erase`. Whoever has it for what is their own finds nothing else.
     */
    readonly delete: operations["deleteChatSession"];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/sessions/{id}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Facts of a session
     * @description Needs the permission `sessions:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getSessionsById"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/sessions/{id}/reset": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Start anew: the next message begins a conversation that knows nothing of this one
     * @description Needs the permission `sessions:end`. Whoever has it for what is their own finds nothing else.
     */
    readonly post: operations["postSessionsByIdReset"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/chat/attachments": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Upload a file: the body is its bytes (at most 20 MiB), the answer's id goes into a message's attachments
     * @description Needs the permission `chat:use`. Whoever has it for what is their own finds nothing else.
     */
    readonly post: operations["postChatAttachments"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/chat/files/{key}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The bytes of a file that a reply of this session carried
     * @description Needs the permission `conversations:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getChatFilesByKey"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/products/{userId}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Products for a user, by history and profile
     * @description Needs the permission `recommendations:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getRecommendationsProductsByUserId"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/session/{sessionId}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Products by what was done in one visit alone
     * @description Needs the permission `recommendations:read`.
     */
    readonly get: operations["getRecommendationsSessionBySessionId"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/similar-products/{productId}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Products like one, that a user (by query) or anybody may have
     * @description Needs the permission `recommendations:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getRecommendationsSimilarProductsByProductId"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/popular": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What most people take
     * @description Needs the permission `catalogue:read`.
     */
    readonly get: operations["getRecommendationsPopular"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/refresh-model": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Train a new version; it serves when it is as good as the one before
     * @description Needs the permission `trainings:start`.
     */
    readonly post: operations["postRecommendationsRefreshModel"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/users/{userId}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    /**
     * Erase what a user did
     * @description Needs the permission `recommendations:erase`. Whoever has it for what is their own finds nothing else.
     */
    readonly delete: operations["deleteRecommendationsUsersByUserId"];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/recommendations/interactions": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * What people did with products, up to 1,000 at once
     * @description Needs the permission `recommendations:write`.
     */
    readonly post: operations["postRecommendationsInteractions"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/documents": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The files of a bot's documents, by path, with what became of each
     * @description Needs the permission `documents:read`.
     */
    readonly get: operations["getDocuments"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/documents/search": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The passages of the documents that answer a question best
     * @description Needs the permission `documents:read`.
     */
    readonly get: operations["getDocumentsSearch"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/documents/{id}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What is known of one document
     * @description Needs the permission `documents:read`.
     */
    readonly get: operations["getDocumentsById"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/login": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Log in with a password; asks for the second factor where the user has one
     * @description Needs no login.
     */
    readonly post: operations["postAuthLogin"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/login/second-factor": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * The second step: a code of the authenticator app, a recovery code, or a code that was sent
     * @description Needs no login.
     */
    readonly post: operations["postAuthLoginSecondFactor"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/login/passkey/options": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * What the browser's navigator.credentials.get is called with
     * @description Needs no login.
     */
    readonly post: operations["postAuthLoginPasskeyOptions"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/login/passkey": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Log in with a passkey, which counts as both factors
     * @description Needs no login.
     */
    readonly post: operations["postAuthLoginPasskey"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/refresh": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Another access token; the refresh token is used up by it, and a new one comes with the answer
     * @description Needs no login.
     */
    readonly post: operations["postAuthRefresh"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/first-owner": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Become the first owner, by the link that the server gave
     * @description Needs no login.
     */
    readonly post: operations["postAuthFirstOwner"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/password": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Set a password by a link; ends all sessions of its user
     * @description Needs no login.
     */
    readonly post: operations["postAuthPassword"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/openid": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Send the browser to the login provider of gateway.openId
     * @description Needs no login.
     */
    readonly get: operations["getAuthOpenid"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/openid/callback": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Where the login provider sends the browser back to: the session comes as cookies
     * @description Needs no login.
     */
    readonly get: operations["getAuthOpenidCallback"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Who is logged in, and with which roles
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly get: operations["getMe"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    /**
     * Change the name; roles are given by others
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly patch: operations["patchMe"];
    readonly trace?: never;
  };
  readonly "/api/v1/me/password": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    /**
     * Another password; ends all sessions, this one too
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly put: operations["putMePassword"];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/sessions": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The own sessions, the last used first
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly get: operations["getMeSessions"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/sessions/{id}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    /**
     * End one of the own sessions, as of a device that was lost
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly delete: operations["deleteMeSessionsById"];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/logout": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * End this session
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postAuthLogout"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/auth/logout-everywhere": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * End all of one's sessions
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postAuthLogoutEverywhere"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/factors": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The own second factors
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly get: operations["getMeFactors"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/totp": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Begin with an authenticator app: the address to show as a QR code
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeTotp"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/totp/confirm": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * The code that the app shows: from now on it is asked for. Gives the recovery codes
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeTotpConfirm"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/totp/remove": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Do without the authenticator app; its recovery codes end too
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeTotpRemove"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/recovery-codes": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Ten new recovery codes; earlier ones are void
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeRecoveryCodes"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/passkeys/options": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * What the browser's navigator.credentials.create is called with
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMePasskeysOptions"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/passkeys": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Keep the passkey that the browser made
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMePasskeys"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/passkeys/{id}/remove": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Remove a passkey
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMePasskeysByIdRemove"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/contact": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Send a code to a mail address or a telephone, which shall get one at each login
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeContact"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/contact/confirm": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * The code that came: from now on one is asked for, where the user has nothing stronger
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeContactConfirm"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/me/contact/remove": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Do without codes that are sent
     * @description Needs a login; no key and no token of a program has it.
     */
    readonly post: operations["postMeContactRemove"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The users, the oldest first
     * @description Needs the permission `users:read`, of a role with all bots.
     */
    readonly get: operations["getUsers"];
    readonly put?: never;
    /**
     * Make a user; the link by which they set their password is shown here and never again
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsers"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * A user
     * @description Needs the permission `users:read`, of a role with all bots.
     */
    readonly get: operations["getUsersById"];
    readonly put?: never;
    readonly post?: never;
    /**
     * Remove a user, with sessions, keys and roles. Conversations stay: the answer says how to erase them
     * @description Needs the permission `users:manage`.
     */
    readonly delete: operations["deleteUsersById"];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}/roles": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Give a role with a bot, or with all of them; it counts from the next call on
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsersByIdRoles"];
    /**
     * Take a role; it counts no more from the next call on
     * @description Needs the permission `users:manage`.
     */
    readonly delete: operations["deleteUsersByIdRoles"];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}/disable": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Lock a user out; sessions and keys end at once
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsersByIdDisable"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}/enable": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Let a user in again
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsersByIdEnable"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}/sign-out": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * End all sessions of a user
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsersByIdSignOut"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}/reset-second-factor": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Remove authenticator and passkeys of whoever lost them
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsersByIdResetSecondFactor"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/users/{id}/password-link": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * A link by which a user sets another password; earlier ones are void
     * @description Needs the permission `users:manage`.
     */
    readonly post: operations["postUsersByIdPasswordLink"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/keys": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * API keys, the newest first; of one user, or of all of them
     * @description Needs the permission `keys:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getKeys"];
    readonly put?: never;
    /**
     * Make an API key; it is shown here and never again
     * @description Needs the permission `keys:manage`. Whoever has it for what is their own finds nothing else.
     */
    readonly post: operations["postKeys"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/keys/{id}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    /**
     * End an API key at once
     * @description Needs the permission `keys:manage`. Whoever has it for what is their own finds nothing else.
     */
    readonly delete: operations["deleteKeysById"];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/alerts": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Failed logins that locked, stolen refresh tokens, new networks; the newest first
     * @description Needs the permission `audit:read`, of a role with all bots.
     */
    readonly get: operations["getAlerts"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The webhooks of a bot, oldest first
     * @description Needs the permission `webhooks:read`.
     */
    readonly get: operations["getWebhooks"];
    readonly put?: never;
    /**
     * Make a webhook; its secret is shown here and never again
     * @description Needs the permission `webhooks:manage`.
     */
    readonly post: operations["postWebhooks"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks/{id}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * A webhook
     * @description Needs the permission `webhooks:read`.
     */
    readonly get: operations["getWebhooksById"];
    readonly put?: never;
    readonly post?: never;
    /**
     * Remove it, with its deliveries
     * @description Needs the permission `webhooks:manage`.
     */
    readonly delete: operations["deleteWebhooksById"];
    readonly options?: never;
    readonly head?: never;
    /**
     * Change its address or events, or switch it on and off
     * @description Needs the permission `webhooks:manage`.
     */
    readonly patch: operations["patchWebhooksById"];
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks/{id}/rotate-secret": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * A new secret; the one before signs beside it for a while
     * @description Needs the permission `webhooks:manage`.
     */
    readonly post: operations["postWebhooksByIdRotateSecret"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks/{id}/ping": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Call it once with an event of the type ping, and tell what came of it
     * @description Needs the permission `webhooks:manage`.
     */
    readonly post: operations["postWebhooksByIdPing"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks/{id}/deliveries": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What was sent, newest first
     * @description Needs the permission `webhooks:read`.
     */
    readonly get: operations["getWebhooksByIdDeliveries"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks/{id}/deliveries/{delivery}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * One of them, with its body and the log of its attempts
     * @description Needs the permission `webhooks:read`.
     */
    readonly get: operations["getWebhooksByIdDeliveriesByDelivery"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/webhooks/{id}/deliveries/{delivery}/resend": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Send one again that has ended, with all its attempts
     * @description Needs the permission `webhooks:manage`.
     */
    readonly post: operations["postWebhooksByIdDeliveriesByDeliveryResend"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/sessions": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The open sessions, the latest first
     * @description Needs the permission `sessions:read`.
     */
    readonly get: operations["getSessions"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/sessions/history": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What was said in a session of GET /api/v1/sessions, oldest first; the next page is of what came before
     * @description Needs the permission `conversations:read`.
     */
    readonly get: operations["getSessionsHistory"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/sessions/end": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * End a session of GET /api/v1/sessions: the next message begins one that knows nothing of it
     * @description Needs the permission `sessions:end`.
     */
    readonly post: operations["postSessionsEnd"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/actions/history": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * What was proposed in all conversations and what became of it, newest first
     * @description Needs the permission `actions:read`.
     */
    readonly get: operations["getActionsHistory"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/agents": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Who answers for the bots: their models, tools, health and budgets
     * @description Needs the permission `agents:read`.
     */
    readonly get: operations["getAgents"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/tools": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * The tools of the bots: schema, risk, and how often they were asked for
     * @description Needs the permission `tools:read`.
     */
    readonly get: operations["getTools"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v1/preferences/{userId}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * How a user wants to be spoken to on the web
     * @description Needs the permission `preferences:read`. Whoever has it for what is their own finds nothing else.
     */
    readonly get: operations["getPreferencesByUserId"];
    /**
     * Set it: from the next message on. What is left out is as it was before anybody asked
     * @description Needs the permission `preferences:write`. Whoever has it for what is their own finds nothing else.
     */
    readonly put: operations["putPreferencesByUserId"];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    readonly Problem: {
      readonly type: string;
      readonly title: string;
      readonly status: number;
      readonly detail: string;
      readonly code: string;
      readonly correlationId: string;
      readonly errors?: readonly {
        readonly path: string;
        readonly message: string;
      }[];
    };
    readonly Part60408828__schema0: unknown;
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  readonly getHealthLive: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @constant */
            readonly live: true;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getHealthReady: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly ready: boolean;
            readonly parts: readonly {
              readonly name: string;
              readonly state: string;
              readonly detail: string;
            }[];
          };
        };
      };
      /** @description Not done */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly ready: boolean;
            readonly parts: readonly {
              readonly name: string;
              readonly state: string;
              readonly detail: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getMetrics: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postTickets: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description The address that it is for, without its query: `/api/v1/chat/stream`. */
          readonly path: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @description Goes into the address as `?ticket=…`. It opens one socket. */
            readonly ticket: string;
            /** Format: date-time */
            readonly expiresAt: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postChat: {
    readonly parameters: {
      readonly query?: {
        readonly wait?: number;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly sessionId?: string;
          /** @description Whose session it is: taken for a new one only from a caller that sends gateway.trustedToken. Left out: the session's own user, or a guest of a new session. */
          readonly userId?: string;
          /** @description Chosen by the client: the same message sent again under it is not doubled. */
          readonly messageId?: string;
          /** @description What the person says. A choice of a reply is pressed by saying its `value`; a proposal by POST /api/v1/actions/confirm or …/cancel. */
          readonly text: string;
          /**
           * @description What POST /api/v1/chat/attachments gave.
           * @default []
           */
          readonly attachments?: readonly {
            readonly id: string;
          }[];
          /** @default {} */
          readonly metadata?: {
            readonly [key: string]: components["schemas"]["Part60408828__schema0"];
          };
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getChatMessagesByMessageId: {
    readonly parameters: {
      readonly query: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly sessionId: string;
        readonly userId?: string;
        readonly wait?: number;
      };
      readonly header?: never;
      readonly path: {
        /** @example 01KB8YF3J1Q2T8N4W6X9C5V7ZD */
        readonly messageId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getActions: {
    readonly parameters: {
      readonly query: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly sessionId: string;
        readonly userId?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly sessionId: string;
            readonly actions: readonly {
              readonly proposalId: string;
              readonly summary: string;
              /** @enum {string} */
              readonly status: "pending" | "confirmed" | "executed" | "failed" | "cancelled" | "expired";
              readonly createdAt: string;
              readonly decidedAt?: string;
              readonly result?: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postActionsConfirm: {
    readonly parameters: {
      readonly query?: {
        readonly wait?: number;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly sessionId: string;
          /** @description Whose session it is: taken for a new one only from a caller that sends gateway.trustedToken. Left out: the session's own user, or a guest of a new session. */
          readonly userId?: string;
          /** @description Chosen by the client: the same message sent again under it is not doubled. */
          readonly messageId?: string;
          readonly proposalId: string;
          /** @description The proposal's code. Left out, it is a press of the proposal's button; given, it must be the right one: any other is refused and counted. */
          readonly code?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postActionsCancel: {
    readonly parameters: {
      readonly query?: {
        readonly wait?: number;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly sessionId: string;
          /** @description Whose session it is: taken for a new one only from a caller that sends gateway.trustedToken. Left out: the session's own user, or a guest of a new session. */
          readonly userId?: string;
          /** @description Chosen by the client: the same message sent again under it is not doubled. */
          readonly messageId?: string;
          readonly proposalId: string;
          /** @description The proposal's code. Left out, it is a press of the proposal's button; given, it must be the right one: any other is refused and counted. */
          readonly code?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly messageId: string;
            readonly sessionId: string;
            /** @enum {string} */
            readonly status: "answered" | "pending";
            readonly replies: readonly {
              readonly id: string;
              /** @description What it says, without markup. */
              readonly text: string;
              readonly choices?: readonly {
                readonly id: string;
                readonly label: string;
                readonly value: string;
                /** @enum {string} */
                readonly style?: "primary" | "danger" | "default";
                readonly card?: {
                  readonly id: string;
                  readonly label: string;
                };
              }[];
              readonly cards?: readonly {
                readonly id: string;
                readonly title: string;
                readonly number?: number;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                /** @default  */
                readonly text: string;
                readonly isAdvice?: boolean;
                readonly data?: {
                  readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                };
              }[];
              readonly proposal?: {
                readonly id: string;
                readonly summary: string;
                /** @default [] */
                readonly facts: readonly {
                  readonly label: string;
                  readonly value: string;
                  readonly phrase?: string;
                  readonly number?: number;
                  readonly isMain?: boolean;
                  /** @enum {string} */
                  readonly tone?: "good" | "caution" | "alert";
                }[];
                readonly code?: string;
                /** Format: date-time */
                readonly expiresAt: string;
              };
              readonly files?: readonly {
                readonly name: string;
                readonly mediaType: string;
                readonly alt?: string;
                readonly spoolKey: string;
              }[];
              /** @enum {string} */
              readonly visibility?: "everyone" | "requester";
              /** @default [] */
              readonly sources: readonly {
                readonly title: string;
                readonly location: string;
                readonly url?: string;
                readonly quote: string;
              }[];
              readonly confidence: number;
              /** @default [] */
              readonly disclaimers: readonly string[];
              readonly processingTimeMs: number;
              readonly model: string;
              readonly locale?: string;
              /** @description What it says as Markdown (CommonMark with GFM tables). */
              readonly markdown: string;
            }[];
            readonly link?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getChatHistory: {
    readonly parameters: {
      readonly query: {
        /** @example 10 */
        readonly limit?: number;
        readonly cursor?: string;
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly sessionId: string;
        readonly userId?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly sessionId: string;
            readonly messages: readonly {
              readonly id: string;
              /** @enum {string} */
              readonly role: "user" | "assistant";
              readonly at: string;
              readonly userId?: string;
              readonly messageId?: string;
              readonly text: string;
              readonly reply?: {
                readonly id: string;
                /** @description What it says, without markup. */
                readonly text: string;
                readonly choices?: readonly {
                  readonly id: string;
                  readonly label: string;
                  readonly value: string;
                  /** @enum {string} */
                  readonly style?: "primary" | "danger" | "default";
                  readonly card?: {
                    readonly id: string;
                    readonly label: string;
                  };
                }[];
                readonly cards?: readonly {
                  readonly id: string;
                  readonly title: string;
                  readonly number?: number;
                  /** @default [] */
                  readonly facts: readonly {
                    readonly label: string;
                    readonly value: string;
                    readonly phrase?: string;
                    readonly number?: number;
                    readonly isMain?: boolean;
                    /** @enum {string} */
                    readonly tone?: "good" | "caution" | "alert";
                  }[];
                  /** @default  */
                  readonly text: string;
                  readonly isAdvice?: boolean;
                  readonly data?: {
                    readonly [key: string]: components["schemas"]["Part60408828__schema0"];
                  };
                }[];
                readonly proposal?: {
                  readonly id: string;
                  readonly summary: string;
                  /** @default [] */
                  readonly facts: readonly {
                    readonly label: string;
                    readonly value: string;
                    readonly phrase?: string;
                    readonly number?: number;
                    readonly isMain?: boolean;
                    /** @enum {string} */
                    readonly tone?: "good" | "caution" | "alert";
                  }[];
                  readonly code?: string;
                  /** Format: date-time */
                  readonly expiresAt: string;
                };
                readonly files?: readonly {
                  readonly name: string;
                  readonly mediaType: string;
                  readonly alt?: string;
                  readonly spoolKey: string;
                }[];
                /** @enum {string} */
                readonly visibility?: "everyone" | "requester";
                /** @default [] */
                readonly sources: readonly {
                  readonly title: string;
                  readonly location: string;
                  readonly url?: string;
                  readonly quote: string;
                }[];
                readonly confidence: number;
                /** @default [] */
                readonly disclaimers: readonly string[];
                readonly processingTimeMs: number;
                readonly model: string;
                readonly locale?: string;
                /** @description What it says as Markdown (CommonMark with GFM tables). */
                readonly markdown: string;
              };
              readonly html?: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteChatSession: {
    readonly parameters: {
      readonly query: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly sessionId: string;
        readonly userId?: string;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getSessionsById: {
    readonly parameters: {
      readonly query?: {
        readonly userId?: string;
      };
      readonly header?: never;
      readonly path: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly sessionId: string;
            readonly userId: string;
            readonly createdAt: string | null;
            readonly lastEventAt: string | null;
            readonly messageCount: number;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postSessionsByIdReset: {
    readonly parameters: {
      readonly query?: {
        readonly userId?: string;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly sessionId: string;
            readonly resetAt: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postChatAttachments: {
    readonly parameters: {
      readonly query: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly sessionId: string;
        readonly userId?: string;
        /** @example note.txt */
        readonly name?: string;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/octet-stream": unknown;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly name: string;
            readonly mediaType: string;
            readonly sizeBytes: number;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getChatFilesByKey: {
    readonly parameters: {
      readonly query: {
        /** @example 6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI */
        readonly sessionId: string;
        readonly userId?: string;
      };
      readonly header?: never;
      readonly path: {
        /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
        readonly key: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Not done */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getRecommendationsProductsByUserId: {
    readonly parameters: {
      readonly query?: {
        /** @example 3 */
        readonly limit?: number;
        readonly category?: string;
      };
      readonly header?: never;
      readonly path: {
        /** @example anna */
        readonly userId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly userId?: string;
            readonly sessionId?: string;
            readonly productId?: string;
            /** Format: date-time */
            readonly timestamp: string;
            readonly modelVersion: string;
            readonly recommendations: readonly {
              readonly id: string;
              readonly name: string;
              readonly category: string;
              /** @enum {string} */
              readonly riskLevel: "low" | "medium" | "high";
              readonly expectedReturn: number | null;
              readonly relevanceScore: number;
              readonly rank: number;
              readonly reason: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getRecommendationsSessionBySessionId: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        readonly category?: string;
      };
      readonly header?: never;
      readonly path: {
        /** @example visit-1 */
        readonly sessionId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly userId?: string;
            readonly sessionId?: string;
            readonly productId?: string;
            /** Format: date-time */
            readonly timestamp: string;
            readonly modelVersion: string;
            readonly recommendations: readonly {
              readonly id: string;
              readonly name: string;
              readonly category: string;
              /** @enum {string} */
              readonly riskLevel: "low" | "medium" | "high";
              readonly expectedReturn: number | null;
              readonly relevanceScore: number;
              readonly rank: number;
              readonly reason: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getRecommendationsSimilarProductsByProductId: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        readonly category?: string;
        readonly userId?: string;
      };
      readonly header?: never;
      readonly path: {
        /** @example everyday-account */
        readonly productId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly userId?: string;
            readonly sessionId?: string;
            readonly productId?: string;
            /** Format: date-time */
            readonly timestamp: string;
            readonly modelVersion: string;
            readonly recommendations: readonly {
              readonly id: string;
              readonly name: string;
              readonly category: string;
              /** @enum {string} */
              readonly riskLevel: "low" | "medium" | "high";
              readonly expectedReturn: number | null;
              readonly relevanceScore: number;
              readonly rank: number;
              readonly reason: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getRecommendationsPopular: {
    readonly parameters: {
      readonly query?: {
        /** @example 5 */
        readonly limit?: number;
        readonly category?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly userId?: string;
            readonly sessionId?: string;
            readonly productId?: string;
            /** Format: date-time */
            readonly timestamp: string;
            readonly modelVersion: string;
            readonly recommendations: readonly {
              readonly id: string;
              readonly name: string;
              readonly category: string;
              /** @enum {string} */
              readonly riskLevel: "low" | "medium" | "high";
              readonly expectedReturn: number | null;
              readonly relevanceScore: number;
              readonly rank: number;
              readonly reason: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postRecommendationsRefreshModel: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @default false */
          readonly wait?: boolean;
          /** @default false */
          readonly force?: boolean;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @enum {string} */
            readonly status: "replaced" | "kept";
            readonly version: string;
            readonly model: string;
            readonly why: string;
            readonly cleaning: {
              readonly [key: string]: number;
            };
          };
        };
      };
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @constant */
            readonly status: "started";
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteRecommendationsUsersByUserId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example anna */
        readonly userId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly erased: number;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postRecommendationsInteractions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly source: string;
          /** @default 7 */
          readonly timeToLiveDays?: number;
          readonly interactions: readonly unknown[];
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly accepted: number;
            readonly rejected: readonly {
              readonly index: number;
              readonly errors: readonly {
                readonly path: string;
                readonly message: string;
              }[];
            }[];
          };
        };
      };
      /** @description Not done */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly accepted: number;
            readonly rejected: readonly {
              readonly index: number;
              readonly errors: readonly {
                readonly path: string;
                readonly message: string;
              }[];
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getDocuments: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        readonly cursor?: string;
        readonly state?: "indexed" | "partly" | "unreadable";
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly documents: readonly {
              readonly title?: string;
              readonly category?: string;
              readonly updated?: string;
              readonly language?: string;
              readonly author?: string;
              readonly url?: string;
              readonly pages?: number;
              readonly id?: string;
              readonly path: string;
              /** @enum {string} */
              readonly format?: "markdown" | "text" | "pdf" | "html" | "docx" | "xlsx" | "csv" | "mail";
              /** @enum {string} */
              readonly state: "indexed" | "partly" | "unreadable";
              readonly problem?: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getDocumentsSearch: {
    readonly parameters: {
      readonly query: {
        readonly q: string;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly passages: readonly {
              readonly document: string;
              readonly title: string;
              readonly section: string;
              readonly page?: number;
              readonly text: string;
              readonly quote: string;
              /** @description Evidence that it answers, 0 to 1. */
              readonly score: number;
            }[];
            /** @description That the best passages answer, 0 to 1. */
            readonly evidence: number;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getDocumentsById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly title?: string;
            readonly category?: string;
            readonly updated?: string;
            readonly language?: string;
            readonly author?: string;
            readonly url?: string;
            readonly pages?: number;
            readonly id?: string;
            readonly path: string;
            /** @enum {string} */
            readonly format?: "markdown" | "text" | "pdf" | "html" | "docx" | "xlsx" | "csv" | "mail";
            /** @enum {string} */
            readonly state: "indexed" | "partly" | "unreadable";
            readonly problem?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthLogin: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly login: string;
          readonly password: string;
          /**
           * @description For browsers: the tokens come as cookies that no script reads.
           * @default false
           */
          readonly cookies?: boolean;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json":
            | {
                /** @constant */
                readonly kind: "session";
                readonly userId: string;
                readonly sessionId: string;
                /** Format: date-time */
                readonly accessExpiresAt: string;
                /** Format: date-time */
                readonly refreshExpiresAt: string;
                readonly accessToken?: string;
                readonly refreshToken?: string;
              }
            | {
                /** @constant */
                readonly kind: "second-factor";
                readonly challenge: string;
                readonly methods: readonly ("totp" | "recovery-code" | "code" | "passkey")[];
                readonly handle?: string;
              };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthLoginSecondFactor: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly challenge: string;
          /** @enum {string} */
          readonly method: "totp" | "recovery-code" | "code";
          readonly code: string;
          readonly handle?: string;
          /**
           * @description For browsers: the tokens come as cookies that no script reads.
           * @default false
           */
          readonly cookies?: boolean;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @constant */
            readonly kind: "session";
            readonly userId: string;
            readonly sessionId: string;
            /** Format: date-time */
            readonly accessExpiresAt: string;
            /** Format: date-time */
            readonly refreshExpiresAt: string;
            readonly accessToken?: string;
            readonly refreshToken?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthLoginPasskeyOptions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly challenge: string;
          } & {
            readonly [key: string]: unknown;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthLoginPasskey: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly answer: {
            /** Format: base64url */
            readonly id: string;
            /** Format: base64url */
            readonly rawId: string;
            /** @constant */
            readonly type: "public-key";
            /** @enum {string} */
            readonly authenticatorAttachment?: "cross-platform" | "platform";
            readonly response: {
              /** Format: base64url */
              readonly clientDataJSON: string;
              /** Format: base64url */
              readonly authenticatorData: string;
              /** Format: base64url */
              readonly signature: string;
              /** Format: base64url */
              readonly userHandle?: string;
            };
          };
          /**
           * @description For browsers: the tokens come as cookies that no script reads.
           * @default false
           */
          readonly cookies?: boolean;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @constant */
            readonly kind: "session";
            readonly userId: string;
            readonly sessionId: string;
            /** Format: date-time */
            readonly accessExpiresAt: string;
            /** Format: date-time */
            readonly refreshExpiresAt: string;
            readonly accessToken?: string;
            readonly refreshToken?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthRefresh: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly refreshToken?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @constant */
            readonly kind: "session";
            readonly userId: string;
            readonly sessionId: string;
            /** Format: date-time */
            readonly accessExpiresAt: string;
            /** Format: date-time */
            readonly refreshExpiresAt: string;
            readonly accessToken?: string;
            readonly refreshToken?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthFirstOwner: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description What stands in the link behind the #. */
          readonly secret: string;
          readonly login: string;
          /** @default  */
          readonly name?: string;
          readonly password: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthPassword: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description What stands in the link behind the #. */
          readonly secret: string;
          readonly password: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getAuthOpenid: {
    readonly parameters: {
      readonly query?: {
        /** @example / */
        readonly returnTo?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 302: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getAuthOpenidCallback: {
    readonly parameters: {
      readonly query?: {
        /** @example SplxlOBeZQQYbYS6WxSbIA */
        readonly code?: string;
        /** @example af0 */
        readonly state?: string;
        readonly error?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 303: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getMe: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
            readonly roles: readonly {
              readonly bot: string;
              /** @enum {string} */
              readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
            }[];
            readonly sessionId: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly patchMe: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly name: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
            readonly roles: readonly {
              readonly bot: string;
              /** @enum {string} */
              readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly putMePassword: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly current: string;
          readonly next: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getMeSessions: {
    readonly parameters: {
      readonly query?: {
        /** @example 20 */
        readonly limit?: number;
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly sessions: readonly {
              readonly id: string;
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly lastUsedAt: string;
              /** Format: date-time */
              readonly expiresAt: string;
              readonly isThisOne: boolean;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteMeSessionsById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8R3MH */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthLogout: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postAuthLogoutEverywhere: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly ended: number;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getMeFactors: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly totp: boolean;
            readonly recoveryCodesLeft: number;
            readonly passkeys: readonly {
              readonly id: string;
              readonly name: string;
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly lastUsedAt?: string;
            }[];
            /** @description Where codes are sent, which are asked for where nothing stronger is there. */
            readonly contact?:
              | {
                  /** @constant */
                  readonly kind: "mail";
                  /** Format: email */
                  readonly address: string;
                }
              | {
                  /** @constant */
                  readonly kind: "sms";
                  readonly address: string;
                };
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeTotp: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly uri: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeTotpConfirm: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly code: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @description Shown this once. */
            readonly recoveryCodes: readonly string[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeTotpRemove: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeRecoveryCodes: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @description Shown this once. */
            readonly recoveryCodes: readonly string[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMePasskeysOptions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly challenge: string;
          } & {
            readonly [key: string]: unknown;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMePasskeys: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly name: string;
          readonly answer: {
            /** Format: base64url */
            readonly id: string;
            /** Format: base64url */
            readonly rawId: string;
            /** @constant */
            readonly type: "public-key";
            /** @enum {string} */
            readonly authenticatorAttachment?: "cross-platform" | "platform";
            readonly response: {
              /** Format: base64url */
              readonly clientDataJSON: string;
              /** Format: base64url */
              readonly attestationObject: string;
              readonly transports?: readonly string[];
            };
          };
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMePasskeysByIdRemove: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        /** @example u1w */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeContact: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
          readonly contact:
            | {
                /** @constant */
                readonly kind: "mail";
                /** Format: email */
                readonly address: string;
              }
            | {
                /** @constant */
                readonly kind: "sms";
                readonly address: string;
              };
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @description For the next step, with the code. */
            readonly handle: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeContactConfirm: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly handle: string;
          readonly code: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postMeContactRemove: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Left out only by users who log in at another provider and have none. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getUsers: {
    readonly parameters: {
      readonly query?: {
        /** @example 50 */
        readonly limit?: number;
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly users: readonly {
              readonly id: string;
              readonly login: string;
              readonly name: string;
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly disabledAt?: string;
              readonly roles: readonly {
                readonly bot: string;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
              }[];
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsers: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly login: string;
          /** @default  */
          readonly name?: string;
          /** @default [] */
          readonly roles?: readonly {
            /** @enum {string} */
            readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
            /** @default * */
            readonly bot?: string;
          }[];
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly user: {
              readonly id: string;
              readonly login: string;
              readonly name: string;
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly disabledAt?: string;
              readonly roles: readonly {
                readonly bot: string;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
              }[];
            };
            readonly link: {
              /** @description For POST /api/v1/auth/password. It works once. */
              readonly secret: string;
              /** Format: date-time */
              readonly expiresAt: string;
            };
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getUsersById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
            readonly roles: readonly {
              readonly bot: string;
              /** @enum {string} */
              readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteUsersById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly removed: string;
            /** @description What bots keep of the person stays. */
            readonly kept: readonly string[];
            /** @description The commands that erase it, for each chat on the web; export it before. */
            readonly eraseWith: readonly string[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsersByIdRoles: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @enum {string} */
          readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
          /** @default * */
          readonly bot?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
            readonly roles: readonly {
              readonly bot: string;
              /** @enum {string} */
              readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteUsersByIdRoles: {
    readonly parameters: {
      readonly query: {
        /** @example moderator */
        readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
        /** @example harbour */
        readonly bot?: string;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly login: string;
            readonly name: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly disabledAt?: string;
            readonly roles: readonly {
              readonly bot: string;
              /** @enum {string} */
              readonly role: "owner" | "admin" | "moderator" | "analyst" | "auditor" | "customer";
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsersByIdDisable: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsersByIdEnable: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsersByIdSignOut: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsersByIdResetSecondFactor: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postUsersByIdPasswordLink: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /** @description For POST /api/v1/auth/password. It works once. */
            readonly secret: string;
            /** Format: date-time */
            readonly expiresAt: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getKeys: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        readonly cursor?: string;
        /** @example 01K2V8Q6Z9 */
        readonly userId?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly keys: readonly {
              readonly id: string;
              readonly userId: string;
              readonly name: string;
              readonly bot: string;
              readonly scopes: readonly (
                | "account:manage"
                | "actions:decide"
                | "actions:read"
                | "agents:read"
                | "audit:read"
                | "catalogue:read"
                | "chat:use"
                | "conversations:erase"
                | "conversations:read"
                | "conversations:write"
                | "documents:read"
                | "documents:write"
                | "keys:manage"
                | "keys:read"
                | "metrics:read"
                | "owners:manage"
                | "preferences:read"
                | "preferences:write"
                | "recommendations:erase"
                | "recommendations:read"
                | "recommendations:write"
                | "reference:read"
                | "sessions:end"
                | "sessions:read"
                | "settings:read"
                | "settings:write"
                | "tickets:create"
                | "tools:read"
                | "tools:use"
                | "trainings:start"
                | "users:act-as"
                | "users:manage"
                | "users:read"
                | "webhooks:manage"
                | "webhooks:read"
              )[];
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly expiresAt: string;
              /** Format: date-time */
              readonly lastUsedAt?: string;
              /** Format: date-time */
              readonly revokedAt?: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postKeys: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @description Whose rights it has, within its scopes. */
          readonly userId: string;
          readonly name: string;
          /** @default * */
          readonly bot?: string;
          readonly scopes: readonly (
            | "account:manage"
            | "actions:decide"
            | "actions:read"
            | "agents:read"
            | "audit:read"
            | "catalogue:read"
            | "chat:use"
            | "conversations:erase"
            | "conversations:read"
            | "conversations:write"
            | "documents:read"
            | "documents:write"
            | "keys:manage"
            | "keys:read"
            | "metrics:read"
            | "owners:manage"
            | "preferences:read"
            | "preferences:write"
            | "recommendations:erase"
            | "recommendations:read"
            | "recommendations:write"
            | "reference:read"
            | "sessions:end"
            | "sessions:read"
            | "settings:read"
            | "settings:write"
            | "tickets:create"
            | "tools:read"
            | "tools:use"
            | "trainings:start"
            | "users:act-as"
            | "users:manage"
            | "users:read"
            | "webhooks:manage"
            | "webhooks:read"
          )[];
          /** @default 90 */
          readonly days?: number;
          /** @description Of whoever makes it. Left out by users who have none, and by gateway.trustedToken. */
          readonly password?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly userId: string;
            readonly name: string;
            readonly bot: string;
            readonly scopes: readonly (
              | "account:manage"
              | "actions:decide"
              | "actions:read"
              | "agents:read"
              | "audit:read"
              | "catalogue:read"
              | "chat:use"
              | "conversations:erase"
              | "conversations:read"
              | "conversations:write"
              | "documents:read"
              | "documents:write"
              | "keys:manage"
              | "keys:read"
              | "metrics:read"
              | "owners:manage"
              | "preferences:read"
              | "preferences:write"
              | "recommendations:erase"
              | "recommendations:read"
              | "recommendations:write"
              | "reference:read"
              | "sessions:end"
              | "sessions:read"
              | "settings:read"
              | "settings:write"
              | "tickets:create"
              | "tools:read"
              | "tools:use"
              | "trainings:start"
              | "users:act-as"
              | "users:manage"
              | "users:read"
              | "webhooks:manage"
              | "webhooks:read"
            )[];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt: string;
            /** Format: date-time */
            readonly lastUsedAt?: string;
            /** Format: date-time */
            readonly revokedAt?: string;
            /** @description Shown this once. Send it as `Authorization: Bearer …`. */
            readonly secret: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteKeysById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example Zr8mQ0dJx1aT */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getAlerts: {
    readonly parameters: {
      readonly query?: {
        /** @example 20 */
        readonly limit?: number;
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly alerts: readonly {
              readonly id: string;
              /** Format: date-time */
              readonly at: string;
              /** @enum {string} */
              readonly kind: "failed-logins" | "token-reuse" | "new-place";
              readonly userId?: string;
              readonly detail: {
                readonly [key: string]: string | number;
              };
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getWebhooks: {
    readonly parameters: {
      readonly query: {
        readonly limit?: number;
        readonly cursor?: string;
        /** @example harbour */
        readonly bot: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly webhooks: readonly {
              readonly id: string;
              readonly bot: string;
              readonly url: string;
              readonly events: readonly (
                | "message.received"
                | "reply.sent"
                | "hand_over.begun"
                | "hand_over.ended"
                | "proposal.created"
                | "execution.finished"
                | "dead_letter.created"
                | "document.changed"
                | "training.finished"
                | "alert.raised"
              )[];
              readonly description: string;
              readonly active: boolean;
              readonly disabled?: {
                /** @enum {string} */
                readonly reason: "asked" | "failing" | "gone";
                /** Format: date-time */
                readonly at: string;
              };
              /** Format: date-time */
              readonly failingSince?: string;
              /** Format: date-time */
              readonly rotatesUntil?: string;
              /** Format: date-time */
              readonly createdAt: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postWebhooks: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly bot: string;
          readonly url: string;
          readonly events: readonly (
            | "message.received"
            | "reply.sent"
            | "hand_over.begun"
            | "hand_over.ended"
            | "proposal.created"
            | "execution.finished"
            | "dead_letter.created"
            | "document.changed"
            | "training.finished"
            | "alert.raised"
          )[];
          /** @default  */
          readonly description?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly bot: string;
            readonly url: string;
            readonly events: readonly (
              | "message.received"
              | "reply.sent"
              | "hand_over.begun"
              | "hand_over.ended"
              | "proposal.created"
              | "execution.finished"
              | "dead_letter.created"
              | "document.changed"
              | "training.finished"
              | "alert.raised"
            )[];
            readonly description: string;
            readonly active: boolean;
            readonly disabled?: {
              /** @enum {string} */
              readonly reason: "asked" | "failing" | "gone";
              /** Format: date-time */
              readonly at: string;
            };
            /** Format: date-time */
            readonly failingSince?: string;
            /** Format: date-time */
            readonly rotatesUntil?: string;
            /** Format: date-time */
            readonly createdAt: string;
            readonly secret: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getWebhooksById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly bot: string;
            readonly url: string;
            readonly events: readonly (
              | "message.received"
              | "reply.sent"
              | "hand_over.begun"
              | "hand_over.ended"
              | "proposal.created"
              | "execution.finished"
              | "dead_letter.created"
              | "document.changed"
              | "training.finished"
              | "alert.raised"
            )[];
            readonly description: string;
            readonly active: boolean;
            readonly disabled?: {
              /** @enum {string} */
              readonly reason: "asked" | "failing" | "gone";
              /** Format: date-time */
              readonly at: string;
            };
            /** Format: date-time */
            readonly failingSince?: string;
            /** Format: date-time */
            readonly rotatesUntil?: string;
            /** Format: date-time */
            readonly createdAt: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly deleteWebhooksById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly patchWebhooksById: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly url?: string;
          readonly events?: readonly (
            | "message.received"
            | "reply.sent"
            | "hand_over.begun"
            | "hand_over.ended"
            | "proposal.created"
            | "execution.finished"
            | "dead_letter.created"
            | "document.changed"
            | "training.finished"
            | "alert.raised"
          )[];
          readonly description?: string;
          readonly active?: boolean;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly bot: string;
            readonly url: string;
            readonly events: readonly (
              | "message.received"
              | "reply.sent"
              | "hand_over.begun"
              | "hand_over.ended"
              | "proposal.created"
              | "execution.finished"
              | "dead_letter.created"
              | "document.changed"
              | "training.finished"
              | "alert.raised"
            )[];
            readonly description: string;
            readonly active: boolean;
            readonly disabled?: {
              /** @enum {string} */
              readonly reason: "asked" | "failing" | "gone";
              /** Format: date-time */
              readonly at: string;
            };
            /** Format: date-time */
            readonly failingSince?: string;
            /** Format: date-time */
            readonly rotatesUntil?: string;
            /** Format: date-time */
            readonly createdAt: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postWebhooksByIdRotateSecret: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /** @default 24 */
          readonly keepHours?: number;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly bot: string;
            readonly url: string;
            readonly events: readonly (
              | "message.received"
              | "reply.sent"
              | "hand_over.begun"
              | "hand_over.ended"
              | "proposal.created"
              | "execution.finished"
              | "dead_letter.created"
              | "document.changed"
              | "training.finished"
              | "alert.raised"
            )[];
            readonly description: string;
            readonly active: boolean;
            readonly disabled?: {
              /** @enum {string} */
              readonly reason: "asked" | "failing" | "gone";
              /** Format: date-time */
              readonly at: string;
            };
            /** Format: date-time */
            readonly failingSince?: string;
            /** Format: date-time */
            readonly rotatesUntil?: string;
            /** Format: date-time */
            readonly createdAt: string;
            readonly secret: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postWebhooksByIdPing: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly deliveryId: string;
            readonly delivered: boolean;
            readonly status?: number;
            readonly error?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getWebhooksByIdDeliveries: {
    readonly parameters: {
      readonly query?: {
        /** @example 20 */
        readonly limit?: number;
        readonly cursor?: string;
        /** @example failed */
        readonly status?: "waiting" | "delivered" | "failed" | "cancelled";
        readonly type?:
          | "message.received"
          | "reply.sent"
          | "hand_over.begun"
          | "hand_over.ended"
          | "proposal.created"
          | "execution.finished"
          | "dead_letter.created"
          | "document.changed"
          | "training.finished"
          | "alert.raised"
          | "ping";
      };
      readonly header?: never;
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly deliveries: readonly {
              readonly id: string;
              readonly messageId: string;
              readonly type: string;
              /** @enum {string} */
              readonly status: "waiting" | "delivered" | "failed" | "cancelled";
              readonly attempts: number;
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly nextAttemptAt?: string;
              /** Format: date-time */
              readonly endedAt?: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getWebhooksByIdDeliveriesByDelivery: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
        /** @example dlv_0a1b2c3d4e5f60718293a4b5c6d7e8f9 */
        readonly delivery: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly messageId: string;
            readonly type: string;
            /** @enum {string} */
            readonly status: "waiting" | "delivered" | "failed" | "cancelled";
            readonly attempts: number;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly nextAttemptAt?: string;
            /** Format: date-time */
            readonly endedAt?: string;
            readonly body: string;
            readonly log: readonly {
              readonly attempt: number;
              /** Format: date-time */
              readonly at: string;
              readonly tookMs: number;
              readonly status?: number;
              readonly error?: string;
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postWebhooksByIdDeliveriesByDeliveryResend: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example whe_01KB9Q4M7T3V8R2N6H5C1X0WZA */
        readonly id: string;
        /** @example dlv_0a1b2c3d4e5f60718293a4b5c6d7e8f9 */
        readonly delivery: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": Record<string, never>;
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly id: string;
            readonly messageId: string;
            readonly type: string;
            /** @enum {string} */
            readonly status: "waiting" | "delivered" | "failed" | "cancelled";
            readonly attempts: number;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly nextAttemptAt?: string;
            /** Format: date-time */
            readonly endedAt?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getSessions: {
    readonly parameters: {
      readonly query?: {
        /** @example 20 */
        readonly limit?: number;
        readonly cursor?: string;
        /** @example harbour */
        readonly bot?: string;
        /** @example web */
        readonly platform?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly sessions: readonly {
              readonly conversation: string;
              readonly bot: string;
              readonly platform: string;
              readonly account: string;
              /** @enum {string} */
              readonly chatType: "direct" | "group";
              readonly createdAt: string;
              readonly lastEventAt: string;
              readonly messageCount: number;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getSessionsHistory: {
    readonly parameters: {
      readonly query: {
        /** @example 20 */
        readonly limit?: number;
        readonly cursor?: string;
        /** @example telegram:main:12345 */
        readonly conversation: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly conversation: string;
            readonly bot: string;
            readonly messages: readonly {
              readonly id: string;
              /** @enum {string} */
              readonly role: "user" | "assistant";
              readonly at: string;
              readonly userId?: string;
              readonly text: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly postSessionsEnd: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          readonly conversation: string;
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly conversation: string;
            /** Format: date-time */
            readonly endedAt: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getActionsHistory: {
    readonly parameters: {
      readonly query?: {
        /** @example 20 */
        readonly limit?: number;
        readonly cursor?: string;
        /** @example harbour */
        readonly bot?: string;
        readonly tool?: string;
        /** @example executed */
        readonly status?: "pending" | "confirmed" | "executed" | "failed" | "cancelled" | "expired";
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly actions: readonly {
              readonly proposalId: string;
              readonly bot: string;
              readonly conversation: string;
              readonly tool: string;
              readonly risk: string;
              /** @enum {string} */
              readonly status: "pending" | "confirmed" | "executed" | "failed" | "cancelled" | "expired";
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly decidedAt?: string;
            }[];
            /** @description The `cursor` of the next page; left out on the last one. */
            readonly next?: string;
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getAgents: {
    readonly parameters: {
      readonly query?: {
        /** @example harbour */
        readonly bot?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly agents: readonly {
              readonly bot: string;
              readonly name: string;
              readonly crew: {
                readonly name: string;
                readonly settings: {
                  readonly [key: string]: unknown;
                };
              };
              readonly tools: readonly string[];
              readonly health: {
                /** @enum {string} */
                readonly status: "ok" | "warning" | "error";
                readonly checks: readonly {
                  readonly name: string;
                  /** @enum {string} */
                  readonly status: "ok" | "warning" | "error";
                  readonly detail: string;
                }[];
              };
              readonly budget: {
                readonly tokens: number;
                readonly dollars: number;
                readonly cap: {
                  readonly tokens?: number;
                  readonly dollars?: number;
                };
              };
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getTools: {
    readonly parameters: {
      readonly query?: {
        /** @example harbour */
        readonly bot?: string;
        /** @example high */
        readonly risk?: "low" | "medium" | "high";
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            readonly tools: readonly {
              readonly bot: string;
              readonly name: string;
              readonly description: string;
              /** @enum {string} */
              readonly risk: "low" | "medium" | "high";
              /** @enum {string} */
              readonly confirmation: "never" | "always" | "unless-said";
              readonly inputSchema: {
                readonly [key: string]: unknown;
              };
              readonly proposals: {
                readonly [key: string]: number;
              };
            }[];
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly getPreferencesByUserId: {
    readonly parameters: {
      readonly query: {
        /** @example harbour */
        readonly bot: string;
      };
      readonly header?: never;
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly userId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /**
             * @description Left out, that of the person's own words.
             * @enum {string}
             */
            readonly language?: "en" | "de";
            /**
             * @description Sie or du, where the language has both.
             * @enum {string}
             */
            readonly formOfAddress?: "formal" | "informal";
            /**
             * @description Left out, as long as they need to be.
             * @enum {string}
             */
            readonly answers?: "short";
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  readonly putPreferencesByUserId: {
    readonly parameters: {
      readonly query: {
        /** @example harbour */
        readonly bot: string;
      };
      readonly header?: {
        /** @description Sent again under the same key within a day, the call is answered as before and not done again. */
        readonly "Idempotency-Key"?: string;
      };
      readonly path: {
        /** @example 01K2V8Q6Z9 */
        readonly userId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly "application/json": {
          /**
           * @description Left out, that of the person's own words.
           * @enum {string}
           */
          readonly language?: "en" | "de";
          /**
           * @description Sie or du, where the language has both.
           * @enum {string}
           */
          readonly formOfAddress?: "formal" | "informal";
          /**
           * @description Left out, as long as they need to be.
           * @enum {string}
           */
          readonly answers?: "short";
        };
      };
    };
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": {
            /**
             * @description Left out, that of the person's own words.
             * @enum {string}
             */
            readonly language?: "en" | "de";
            /**
             * @description Sie or du, where the language has both.
             * @enum {string}
             */
            readonly formOfAddress?: "formal" | "informal";
            /**
             * @description Left out, as long as they need to be.
             * @enum {string}
             */
            readonly answers?: "short";
          };
        };
      };
      /** @description A problem */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
}

export const calls = {
  deleteChatSession: { method: "DELETE", path: "/api/v1/chat/session" },
  deleteKeysById: { method: "DELETE", path: "/api/v1/keys/{id}" },
  deleteMeSessionsById: { method: "DELETE", path: "/api/v1/me/sessions/{id}" },
  deleteRecommendationsUsersByUserId: { method: "DELETE", path: "/api/v1/recommendations/users/{userId}" },
  deleteUsersById: { method: "DELETE", path: "/api/v1/users/{id}" },
  deleteUsersByIdRoles: { method: "DELETE", path: "/api/v1/users/{id}/roles" },
  deleteWebhooksById: { method: "DELETE", path: "/api/v1/webhooks/{id}" },
  getActions: { method: "GET", path: "/api/v1/actions" },
  getActionsHistory: { method: "GET", path: "/api/v1/actions/history" },
  getAgents: { method: "GET", path: "/api/v1/agents" },
  getAlerts: { method: "GET", path: "/api/v1/alerts" },
  getAuthOpenid: { method: "GET", path: "/api/v1/auth/openid" },
  getAuthOpenidCallback: { method: "GET", path: "/api/v1/auth/openid/callback" },
  getChatFilesByKey: { method: "GET", path: "/api/v1/chat/files/{key}" },
  getChatHistory: { method: "GET", path: "/api/v1/chat/history" },
  getChatMessagesByMessageId: { method: "GET", path: "/api/v1/chat/messages/{messageId}" },
  getDocuments: { method: "GET", path: "/api/v1/documents" },
  getDocumentsById: { method: "GET", path: "/api/v1/documents/{id}" },
  getDocumentsSearch: { method: "GET", path: "/api/v1/documents/search" },
  getHealthLive: { method: "GET", path: "/health/live" },
  getHealthReady: { method: "GET", path: "/health/ready" },
  getKeys: { method: "GET", path: "/api/v1/keys" },
  getMe: { method: "GET", path: "/api/v1/me" },
  getMeFactors: { method: "GET", path: "/api/v1/me/factors" },
  getMeSessions: { method: "GET", path: "/api/v1/me/sessions" },
  getMetrics: { method: "GET", path: "/metrics" },
  getPreferencesByUserId: { method: "GET", path: "/api/v1/preferences/{userId}" },
  getRecommendationsPopular: { method: "GET", path: "/api/v1/recommendations/popular" },
  getRecommendationsProductsByUserId: { method: "GET", path: "/api/v1/recommendations/products/{userId}" },
  getRecommendationsSessionBySessionId: { method: "GET", path: "/api/v1/recommendations/session/{sessionId}" },
  getRecommendationsSimilarProductsByProductId: {
    method: "GET",
    path: "/api/v1/recommendations/similar-products/{productId}",
  },
  getSessions: { method: "GET", path: "/api/v1/sessions" },
  getSessionsById: { method: "GET", path: "/api/v1/sessions/{id}" },
  getSessionsHistory: { method: "GET", path: "/api/v1/sessions/history" },
  getTools: { method: "GET", path: "/api/v1/tools" },
  getUsers: { method: "GET", path: "/api/v1/users" },
  getUsersById: { method: "GET", path: "/api/v1/users/{id}" },
  getWebhooks: { method: "GET", path: "/api/v1/webhooks" },
  getWebhooksById: { method: "GET", path: "/api/v1/webhooks/{id}" },
  getWebhooksByIdDeliveries: { method: "GET", path: "/api/v1/webhooks/{id}/deliveries" },
  getWebhooksByIdDeliveriesByDelivery: { method: "GET", path: "/api/v1/webhooks/{id}/deliveries/{delivery}" },
  patchMe: { method: "PATCH", path: "/api/v1/me" },
  patchWebhooksById: { method: "PATCH", path: "/api/v1/webhooks/{id}" },
  postActionsCancel: { method: "POST", path: "/api/v1/actions/cancel" },
  postActionsConfirm: { method: "POST", path: "/api/v1/actions/confirm" },
  postAuthFirstOwner: { method: "POST", path: "/api/v1/auth/first-owner" },
  postAuthLogin: { method: "POST", path: "/api/v1/auth/login" },
  postAuthLoginPasskey: { method: "POST", path: "/api/v1/auth/login/passkey" },
  postAuthLoginPasskeyOptions: { method: "POST", path: "/api/v1/auth/login/passkey/options" },
  postAuthLoginSecondFactor: { method: "POST", path: "/api/v1/auth/login/second-factor" },
  postAuthLogout: { method: "POST", path: "/api/v1/auth/logout" },
  postAuthLogoutEverywhere: { method: "POST", path: "/api/v1/auth/logout-everywhere" },
  postAuthPassword: { method: "POST", path: "/api/v1/auth/password" },
  postAuthRefresh: { method: "POST", path: "/api/v1/auth/refresh" },
  postChat: { method: "POST", path: "/api/v1/chat" },
  postChatAttachments: { method: "POST", path: "/api/v1/chat/attachments" },
  postKeys: { method: "POST", path: "/api/v1/keys" },
  postMeContact: { method: "POST", path: "/api/v1/me/contact" },
  postMeContactConfirm: { method: "POST", path: "/api/v1/me/contact/confirm" },
  postMeContactRemove: { method: "POST", path: "/api/v1/me/contact/remove" },
  postMePasskeys: { method: "POST", path: "/api/v1/me/passkeys" },
  postMePasskeysByIdRemove: { method: "POST", path: "/api/v1/me/passkeys/{id}/remove" },
  postMePasskeysOptions: { method: "POST", path: "/api/v1/me/passkeys/options" },
  postMeRecoveryCodes: { method: "POST", path: "/api/v1/me/recovery-codes" },
  postMeTotp: { method: "POST", path: "/api/v1/me/totp" },
  postMeTotpConfirm: { method: "POST", path: "/api/v1/me/totp/confirm" },
  postMeTotpRemove: { method: "POST", path: "/api/v1/me/totp/remove" },
  postRecommendationsInteractions: { method: "POST", path: "/api/v1/recommendations/interactions" },
  postRecommendationsRefreshModel: { method: "POST", path: "/api/v1/recommendations/refresh-model" },
  postSessionsByIdReset: { method: "POST", path: "/api/v1/sessions/{id}/reset" },
  postSessionsEnd: { method: "POST", path: "/api/v1/sessions/end" },
  postTickets: { method: "POST", path: "/api/v1/tickets" },
  postUsers: { method: "POST", path: "/api/v1/users" },
  postUsersByIdDisable: { method: "POST", path: "/api/v1/users/{id}/disable" },
  postUsersByIdEnable: { method: "POST", path: "/api/v1/users/{id}/enable" },
  postUsersByIdPasswordLink: { method: "POST", path: "/api/v1/users/{id}/password-link" },
  postUsersByIdResetSecondFactor: { method: "POST", path: "/api/v1/users/{id}/reset-second-factor" },
  postUsersByIdRoles: { method: "POST", path: "/api/v1/users/{id}/roles" },
  postUsersByIdSignOut: { method: "POST", path: "/api/v1/users/{id}/sign-out" },
  postWebhooks: { method: "POST", path: "/api/v1/webhooks" },
  postWebhooksByIdDeliveriesByDeliveryResend: {
    method: "POST",
    path: "/api/v1/webhooks/{id}/deliveries/{delivery}/resend",
  },
  postWebhooksByIdPing: { method: "POST", path: "/api/v1/webhooks/{id}/ping" },
  postWebhooksByIdRotateSecret: { method: "POST", path: "/api/v1/webhooks/{id}/rotate-secret" },
  putMePassword: { method: "PUT", path: "/api/v1/me/password" },
  putPreferencesByUserId: { method: "PUT", path: "/api/v1/preferences/{userId}" },
} as const;
