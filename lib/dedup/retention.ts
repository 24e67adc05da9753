/** For how long, in milliseconds, it is remembered at least what has come: twice as long as GREEN-API sends it again. */
export const retentionMs = 48 * 60 * 60 * 1000

/** How many bodies are remembered of what has come under one id, the last of them. */
export const maxRevisions = 20
