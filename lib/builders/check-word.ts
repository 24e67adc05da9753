/**
 * Checks a word that programs without types may have wrong.
 *
 * @throws {TypeError} with the words that there are
 */
export function assertKnownValue (name: string, word: unknown, words: readonly string[]): void {
  if (word === undefined || words.some((each) => each === word)) return
  throw new TypeError(`${name} is ${typeof word === 'string' ? `"${word}"` : String(word)}: write one of ${words.join(', ')}, or leave it out`)
}
