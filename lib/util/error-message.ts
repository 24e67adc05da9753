/** Returns the message of an error, or any other thrown value as a string. Never throws. */
export function errorMessage (error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'unreadable error'
  }
}
