/** Files that people send: fetched with care, kept under the hash of their content, opened by key. */
export { type Attachments, type AttachmentsOptions, type OpenAttachment, createAttachments } from "./attachments.ts";
export {
  AttachmentExpiredError,
  AttachmentFetchError,
  AttachmentHostError,
  AttachmentTooLargeError,
  AttachmentUnknownError,
  SpoolFullError,
} from "./errors.ts";
export { type GuardedFetchOptions, guardedFetch } from "./guarded-fetch.ts";
export { detectMediaType } from "./media-type.ts";
export { type FileFacts, type Spool, type SpoolOptions, createSpool } from "./spool.ts";
