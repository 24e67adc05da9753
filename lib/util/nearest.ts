/** Returns the names that resemble a word, the most similar first; at most three. */
export function nearest (word: string, names: readonly string[]): string[] {
  const sought = word.toLowerCase()
  const ranked = names.map((name) => ({ name, distance: distanceOf(sought, name.toLowerCase()) }))
  return ranked
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

// A name that begins or ends with the word is similar, however long the name is.
function distanceOf (word: string, name: string): number {
  if (word.length > 2 && (name.startsWith(word) || name.endsWith(word))) return 1
  return editDistance(word, name)
}

/**
 * Returns the name that a word is a typo of: in another case, with two characters swapped, or with one character
 * too many, missing or replaced. In long names, one character in four can differ.
 *
 * This is stricter than `nearest`, because the word can be a correct name of something else.
 */
export function findTypo (word: string, names: readonly string[]): string | undefined {
  const sought = word.toLowerCase()
  return names.find((name) => {
    const limit = Math.max(1, Math.floor((name.length + 1) / 4))
    return editDistance(sought, name.toLowerCase()) <= limit || hasSwappedCharacters(sought, name.toLowerCase())
  })
}

function hasSwappedCharacters (one: string, other: string): boolean {
  return [...one].some((character, index) => {
    return one.slice(0, index) + one.charAt(index + 1) + character + one.slice(index + 2) === other
  })
}

/** The Levenshtein distance: how many characters must be added, removed or replaced. */
function editDistance (one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [line, character] of [...one].entries()) {
    const next = [line + 1]
    for (const [column, opposite] of [...other].entries()) {
      const [left = 0] = next.slice(-1)
      const [diagonal = 0, above = 0] = row.slice(column)
      next.push(Math.min(left + 1, above + 1, diagonal + (character === opposite ? 0 : 1)))
    }
    row = next
  }
  const [distance = 0] = row.slice(-1)
  return distance
}
