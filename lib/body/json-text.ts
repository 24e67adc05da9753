/*
 * Functions on the text of valid JSON. They do not parse it: parsing would lose digits of large numbers.
 */

const quote = 0x22
const comma = 0x2C
const colon = 0x3A

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

// An integer with fewer digits is exact when it is parsed.
const longInteger = /-?\d{16,}(?![\d.eE])/y

/** The text with long integers in quotes where they are the value of one of these members, or in a list there. */
export function quoteLongIntegers (json: string, names: ReadonlySet<string>): string {
  let result = ''
  let from = 0
  let isNamed = false
  const outer: boolean[] = []
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at)
    if (isOpening(code)) {
      outer.push(isNamed)
      at++
    } else if (isClosing(code)) {
      // An object in a list has members of its own. The list goes on behind it.
      isNamed = outer.pop() ?? false
      at++
    } else if (code === quote) {
      const end = endOfString(json, at)
      let next = end
      while (isSpace(json.charCodeAt(next))) next++
      if (json.charCodeAt(next) === colon) isNamed = names.has(json.slice(at + 1, end - 1))
      at = end
    } else if (isNamed && isNumeric(code)) {
      longInteger.lastIndex = at
      const [digits] = longInteger.exec(json) ?? []
      if (digits !== undefined) {
        result += `${json.slice(from, at)}"${digits}"`
        from = at + digits.length
      }
      at = endOfNumber(json, at)
    } else {
      at++
    }
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

function endOfNumber (json: string, start: number): number {
  let end = start
  while (isNumeric(json.charCodeAt(end)) || /[.eE+]/.test(json.charAt(end))) end++
  return end
}

// A digit or a minus sign.
function isNumeric (code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2D
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
