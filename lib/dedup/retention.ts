/** How long a notification counts as seen, in milliseconds: twice as long as GREEN-API retries it. */
export const retentionMs = 48 * 60 * 60 * 1000

/** How many bodies of one notification are remembered: the most recent ones. */
export const maxRevisions = 20
