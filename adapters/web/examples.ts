/** What examples of calls name. The test of the examples puts in their place what a real conversation made. */
export const EXAMPLE = {
  sessionId: "6rvAsl0dH9MCmXQqYt2bTpZJw3kqf5o8aN1uXyE4GgI",
  messageId: "01KB8YF3J1Q2T8N4W6X9C5V7ZD",
  proposalId: "01KB8YG0M5R7E2H4K9P3S6A8BW",
  fileKey: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
} as const;
