import { h, icon } from './dom.ts'

/** Draws a JSON value with colors. Objects and arrays can be folded. */
export function drawJson (value: unknown): HTMLElement {
  return h('div', { class: 'json', dir: 'ltr' }, drawValue(undefined, value, true, 0))
}

/** Deeper objects and arrays are folded at first. */
const openDepth = 6

function drawValue (name: string | undefined, value: unknown, isLast: boolean, depth: number): HTMLElement {
  const comma = isLast ? '' : ','
  const key = name === undefined ? [] : [h('span', { class: 'key' }, JSON.stringify(name)), ': ']
  if (typeof value !== 'object' || value === null) {
    return h('div', { class: 'line' }, ...key, drawPrimitive(value), comma)
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const entries: Array<[string | undefined, unknown]> = Array.isArray(value)
    ? value.map((each) => [undefined, each])
    : Object.entries(value)
  if (entries.length === 0) return h('div', { class: 'line' }, ...key, `${open}${close}${comma}`)
  const children = h('div', { class: 'children' },
    ...entries.map(([name, each], index) => drawValue(name, each, index === entries.length - 1, depth + 1)))
  const end = h('div', { class: 'line end' }, `${close}${comma}`)
  const folded = h('span', { class: 'folded' }, `… ${close}${comma}`)
  const isOpen = depth < openDepth
  const title = name ?? (Array.isArray(value) ? 'Array' : 'Object')
  const toggle = h('button', {
    type: 'button',
    class: 'fold',
    'aria-expanded': String(isOpen),
    'aria-label': `${title}, ${entries.length} ${entries.length === 1 ? 'member' : 'members'}`
  }, icon('chevron'))
  toggle.addEventListener('click', () => {
    toggle.setAttribute('aria-expanded', String(toggle.getAttribute('aria-expanded') !== 'true'))
  })
  return h('div', { class: 'node' }, h('div', { class: 'line' }, toggle, ...key, open, folded), children, end)
}

function drawPrimitive (value: unknown): HTMLElement {
  return h('span', { class: value === null ? 'null' : typeof value }, JSON.stringify(value) ?? 'undefined')
}

const tokens = /(?<string>'[^']*')|(?<keyword>\b(?:async|const)\b)/g

/** Draws JavaScript with colors. */
export function drawCode (code: string): HTMLElement {
  const parts: Array<Node | string> = []
  let end = 0
  for (const match of code.matchAll(tokens)) {
    parts.push(code.slice(end, match.index))
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? ['']
    parts.push(h('span', { class: kind }, match[0]))
    end = match.index + match[0].length
  }
  parts.push(code.slice(end))
  return h('pre', { class: 'code', dir: 'ltr' }, h('code', {}, ...parts))
}
