/** WhatsApp Web runs in Debian's or the system's Chromium: nothing is downloaded while installing. */
module.exports = { skipDownload: true };
