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
