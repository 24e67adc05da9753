/** What an error says, be it one or something else that was thrown; a listener may throw what cannot even be read. */
export function errorMessage (error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'an error that could not be read'
  }
}
