import type { Hello } from '../protocol.ts'
import { copyButton, find, h } from './dom.ts'

/** Shows what the developer's server needs to send messages. It is copied as environment variables. */
export function showApiFacts ({ api: { apiUrl, idInstance, apiTokenInstance = '' } }: Hello): void {
  const facts = [
    ['apiUrl', 'GREEN_API_URL', apiUrl],
    ['idInstance', 'GREEN_API_ID_INSTANCE', idInstance],
    ['apiTokenInstance', 'GREEN_API_TOKEN_INSTANCE', apiTokenInstance]
  ] as const
  find('api-facts', HTMLElement).replaceChildren(...facts.flatMap(([name, , value]) => {
    return [h('dt', {}, name), h('dd', {}, value)]
  }))
  const variables = facts.map(([, variable, value]) => `${variable}=${value}`).join('\n')
  find('api-copy', HTMLElement).replaceChildren(copyButton('Copy as environment variables', () => variables))
}
