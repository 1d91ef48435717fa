/** Files that people send: fetched with care, kept under the hash of their content, opened by key. */
export {
  type Attachments,
  type AttachmentsOptions,
  type OpenAttachment,
  attachmentKey,
  createAttachments,
} from "./attachments.ts";
export {
  AttachmentExpiredError,
  AttachmentFetchError,
  AttachmentHostError,
  AttachmentTooLargeError,
  AttachmentUnknownError,
} from "./errors.ts";
export { type GuardedFetchOptions, guardedFetch } from "./guarded-fetch.ts";
export { detectMediaType } from "./media-type.ts";
export { readText } from "./read-text.ts";
export { type FileFacts, type Spool, type SpoolOptions, createSpool, spooledFiles } from "./spool.ts";
export { forgetTextFiles, textFilesOf } from "./text-files.ts";
