/** Events whose name is also the `typeWebhook` of another kind. Their listeners receive both. */
const sharedNames = new Set<unknown>(['deviceInfo'])

/** Writes the code that would handle an event: a listener that reads the members of its `data`. */
export function writeHandler (event: Readonly<Record<string, unknown>>): string {
  const { name, data } = event
  if (name === 'unrecognized') {
    return [
      "app.greenApi.on('unrecognized', async ({ reason, errors, raw }) => {",
      "  app.log.warn({ reason, errors, raw }, 'not recognized')",
      '})'
    ].join('\n')
  }
  const isMessage = 'chatId' in event && 'direction' in event
  const members = Object.keys(Object(data)).filter((member) => /^[a-z_$][\w$]*$/i.test(member))
  const isShared = sharedNames.has(name)
  const taken = isShared ? 'name, data' : isMessage ? 'chatId, data' : 'data'
  // A member of `data` can have the name of a member of the event.
  const fields = members.filter((member) => member !== 'chatId' && member !== 'data').slice(0, 4)
  const logged = [...isMessage ? ['chatId'] : [], ...fields.length === 0 ? ['data'] : fields]
  return [
    `app.greenApi.on('${String(name)}', async ({ ${taken} }) => {`,
    ...isShared ? [`  if (name !== '${String(name)}') return`] : [],
    ...fields.length === 0 ? [] : [`  const { ${fields.join(', ')} } = data`],
    `  app.log.info({ ${logged.join(', ')} }, '${String(name)}')`,
    '})'
  ].join('\n')
}
