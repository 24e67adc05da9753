/** Those of the names that resemble a word, the nearest first; at most three. */
export function nearest (word: string, names: readonly string[]): string[] {
  const sought = word.toLowerCase()
  const ranked = names.map((name) => ({ name, distance: distanceOf(sought, name.toLowerCase()) }))
  return ranked
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

// A name that begins with the word, or ends with it, is near however much longer it is.
function distanceOf (word: string, name: string): number {
  if (word.length > 2 && (name.startsWith(word) || name.endsWith(word))) return 1
  return editsBetween(word, name)
}

/** How many characters have to be added, left out or changed to make one text of the other. */
function editsBetween (one: string, other: string): number {
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
  const [edits = 0] = row.slice(-1)
  return edits
}
