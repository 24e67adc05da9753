/** The content of the `buttonId` of a menu. */
export interface Tap {
  readonly menu: string
  readonly choice: string
  readonly payload: string
}

/**
 * Writes a `buttonId`: the name of the menu, the choice and the payload, separated by colons. An empty payload is left
 * out with its colon. The payload can contain anything, because it comes last.
 */
export function writeButtonId ({ menu, choice, payload }: Tap): string {
  return [escape(menu), escape(choice), ...payload === '' ? [] : [payload]].join(':')
}

/** Reads a `buttonId`. Returns `undefined` if `writeButtonId` has not written it. */
export function readButtonId (buttonId: string): Tap | undefined {
  const [, menu, choice, payload] = /^([^:]+):([^:]+)(?::(.+))?$/s.exec(buttonId) ?? []
  if (menu === undefined || choice === undefined) return undefined
  return { menu: unescape(menu), choice: unescape(choice), payload: payload ?? '' }
}

function escape (name: string): string {
  return name.replaceAll('%', '%25').replaceAll(':', '%3A')
}

function unescape (name: string): string {
  return name.replaceAll('%3A', ':').replaceAll('%25', '%')
}
