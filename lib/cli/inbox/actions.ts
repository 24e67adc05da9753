/** The actions of the command. `true` means that the action needs a key. */
export const actions = { list: false, failed: false, retry: true, discard: true, check: false } as const

export type Action = keyof typeof actions
