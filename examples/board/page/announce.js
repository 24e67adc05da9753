import { element, find } from './element.js'

const announcer = find('announcer', HTMLElement)

/** How many announcements are kept: readers read what is added, and nobody the rest. */
const kept = 10

/**
 * Says something to those who do not see the page.
 *
 * @param {string} text
 */
export function announce (text) {
  announcer.append(element('span', {}, `${text} `))
  while (announcer.childElementCount > kept) announcer.firstElementChild?.remove()
}
