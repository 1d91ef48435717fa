/**
 * The wire. In: a socket, signed requests, and history where both had a gap. Out: streamed messages, and what went wrong
 * with a call.
 */
export { isTokenRefused, isUnable, platformError, toSendError } from "./send-errors.ts";
export { createCatchUp } from "./catch-up.ts";
export { httpRoutes } from "./http.ts";
export { openSocket, type Take } from "./socket.ts";
export { type StreamPlace, type Streams, createStreams } from "./streams.ts";
