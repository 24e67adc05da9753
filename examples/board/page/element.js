/**
 * Makes an element. Texts become text nodes, never HTML: a customer writes what he likes.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>} [attributes] functions are listeners to the event of that name
 * @param {ReadonlyArray<Node | string | undefined>} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element (tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (value === true) made.setAttribute(name, '')
    else if (typeof value === 'string') made.setAttribute(name, value)
  }
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/**
 * Makes an icon out of the page's own.
 *
 * @param {string} id
 */
export function icon (id) {
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  const use = document.createElementNS(namespace, 'use')
  use.setAttribute('href', `#${id}`)
  svg.setAttribute('aria-hidden', 'true')
  svg.append(use)
  return svg
}

/**
 * What of an element the keyboard can reach.
 *
 * @param {HTMLElement} item
 * @returns {HTMLElement[]}
 */
export function focusables (item) {
  return [...item.querySelectorAll('a, button')].filter((each) => each instanceof HTMLElement)
}

/**
 * The page's own element of this id.
 *
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function find (id, type) {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} ${id}`)
  return found
}
