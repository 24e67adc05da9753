/*
 * Functions on the text of valid JSON. They do not parse it: parsing would lose digits of large numbers.
 */

const quote = 0x22
const comma = 0x2C

/** The text without white space between tokens. */
export function minifyJson (json: string): string {
  let result = ''
  let from = 0
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at)
    if (isSpace(code)) {
      result += json.slice(from, at)
      from = at + 1
    }
    at = code === quote ? endOfString(json, at) : at + 1
  }
  return result + json.slice(from)
}

/** The text of a member of a minified object; of the last one if several have the name. */
export function sliceMember (object: string, name: string): string | undefined {
  const key = `${JSON.stringify(name)}:`
  let member: string | undefined
  let start: number | undefined
  let depth = 0
  for (let at = 0; at < object.length; at++) {
    const code = object.charCodeAt(at)
    if (code === quote) {
      if (depth === 1 && object.startsWith(key, at)) start = at + key.length
      at = endOfString(object, at) - 1
    } else if (isOpening(code)) {
      depth++
    } else {
      if (isClosing(code)) depth--
      const ends = depth === 0 || (depth === 1 && code === comma)
      if (ends && start !== undefined) {
        member = object.slice(start, at)
        start = undefined
      }
    }
  }
  return member
}

function endOfString (json: string, start: number): number {
  let end = start
  do end = json.indexOf('"', end + 1); while (isEscaped(json, end))
  return end + 1
}

function isEscaped (json: string, at: number): boolean {
  let escapes = 0
  while (json[at - 1 - escapes] === '\\') escapes++
  return escapes % 2 === 1
}

function isSpace (code: number): boolean {
  return code === 0x20 || code === 0x0A || code === 0x0D || code === 0x09
}

function isOpening (code: number): boolean {
  return code === 0x7B || code === 0x5B
}

function isClosing (code: number): boolean {
  return code === 0x7D || code === 0x5D
}
