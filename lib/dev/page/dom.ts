type Attributes = Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>
type Child = Node | string | undefined

/**
 * Creates an element. Texts become text nodes, never HTML: a customer can write anything.
 *
 * @param attributes functions are listeners of the event with that name
 */
export function h<Tag extends keyof HTMLElementTagNameMap> (
  tag: Tag, attributes: Attributes = {}, ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (typeof value === 'string') element.setAttribute(name, value)
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/** Creates an icon from the symbols of the page. */
export function icon (name: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  const use = document.createElementNS(namespace, 'use')
  use.setAttribute('href', `#${name}`)
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', 'icon')
  svg.append(use)
  return svg
}

/** Returns the page's element with this id. */
export function find<Type extends HTMLElement> (id: string, type: new () => Type): Type {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`)
  return element
}

/** Elements that the keyboard can reach. */
export function focusables (container: Element): HTMLElement[] {
  return [...container.querySelectorAll<HTMLElement>('a, button, input, select, textarea, summary')]
}

const announcer = find('announcer', HTMLElement)

/** Makes a screen reader read a text. */
export function announce (text: string): void {
  announcer.append(h('p', {}, text))
  while (announcer.childElementCount > 10) announcer.firstElementChild?.remove()
}

/** Creates a button that copies a text. It shows for two seconds whether that worked. */
export function copyButton (label: string, text: () => string): HTMLButtonElement {
  const caption = h('span', {}, 'Copy')
  const button = h('button', { type: 'button', class: 'button small', 'aria-label': label }, icon('copy'), caption)
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText(text()).then(() => true, () => false)
    caption.textContent = copied ? 'Copied' : 'Not allowed'
    announce(copied ? 'Copied' : 'The browser does not allow to copy')
    setTimeout(() => { caption.textContent = 'Copy' }, 2000)
  })
  return button
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const secondsFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

export function formatTime (at: number): string {
  return timeFormat.format(at)
}

export function formatSeconds (at: number): string {
  return secondsFormat.format(at)
}

export function formatDuration (milliseconds: number): string {
  if (milliseconds < 1) return '<1 ms'
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** Reads a setting that the browser keeps. */
export function recall (name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps a setting in the browser, if it allows that. */
export function remember (name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {}
}
