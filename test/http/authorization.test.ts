import type { Token } from 'fastify-green-api'
import t from 'tap'
import { build, post } from '../helpers/app.ts'
import {
  enveloped, journalMenuSent, journalRecord, menu, menuSent, message
} from '../helpers/fixtures/notifications.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('the route accepts every form of a valid token and nothing else', async (t) => {
  const cases: Array<[token: Token, accepted: string[], refused: Array<string | undefined>]> = [
    ['s3cret', [
      'Bearer s3cret', 'bearer s3cret', 'BEARER s3cret', 'Bearer   s3cret', 'Basic s3cret', 'basic s3cret',
      `Basic ${base64('s3cret')}`, 's3cret'
    ], [
      undefined, '', 'Bearer', 'Bearer ', 'Bearer s3cre', 'Bearer s3crets', 'Bearer S3CRET', 'S3cret',
      'Bearer Bearer s3cret',
      'Digest s3cret', `Bearer ${base64('s3cret')}`, base64('s3cret'), 'Bearer undefined', 'Bearer null',
      'Bearer [object Object]', 's3cret s3cret'
    ]],
    ['Bearer s3cret', ['Bearer s3cret', 'bearer s3cret'], ['s3cret', 'Basic s3cret', 'Bearer']],
    ['Basic dXNlcjpwYXNz', ['Basic dXNlcjpwYXNz'], ['Basic dxnlcjpwyxnz', 'dXNlcjpwYXNz', 'Basic user:pass']],
    [['old', 'new'], [
      'Bearer old', 'Bearer new', `Basic ${base64('new')}`, 'old'
    ], ['Bearer older', 'Bearer old,new', 'Bearer']],
    ['schlüssel', [
      Buffer.from('Bearer schlüssel').toString('latin1'), 'Bearer schlüssel', `Basic ${base64('schlüssel')}`
    ], ['Bearer schlussel']],
    ['ключ', [Buffer.from('Bearer ключ').toString('latin1'), `Basic ${base64('ключ')}`], [
      `Bearer ${Buffer.from('ключ', 'latin1').toString('latin1')}`, 'Bearer ????'
    ]],
    [false, ['anything', ''], []]
  ]
  for (const [token, accepted, refused] of cases) {
    const app = await build(t, { token })
    const send = (authorization: string | undefined) => app.inject({
      method: 'POST',
      url: '/green-api',
      payload: journalMenuSent,
      headers: authorization === undefined ? {} : { authorization }
    })
    for (const header of accepted) {
      t.equal(
        (await send(header)).statusCode, 200, `${JSON.stringify(token)} accepts ${header}`
      )
    }
    for (const header of refused) {
      const response = await send(header)
      t.equal(response.statusCode, 401, `${JSON.stringify(token)} refuses ${header}`)
      t.equal(response.headers['www-authenticate'], 'Bearer')
    }
  }
})

t.test('the route delivers nothing when the token is wrong', async (t) => {
  const app = await build(t)
  app.greenApi.on('webhook', () => { t.fail('it was delivered') })
  app.greenApi.on('unrecognized', () => { t.fail('it was delivered') })
  t.equal((await post(app, menuSent(), { headers: { authorization: 'Bearer wrong' } })).statusCode, 401)
  t.equal((await post(app, '{', { headers: { authorization: 'Bearer wrong' } })).statusCode, 401)
})

t.test('the route answers 401 when the token is valid for another instance', async (t) => {
  const app = await build(
    t, { token: { 7103000001: 'first', 7103000002: ['second', 'second-new'], 7103000003: 'second' } }
  )
  const from = (idInstance: unknown, overrides = {}) => menuSent(menu, { instanceData: { idInstance }, ...overrides })
  const cases: Array<[string, unknown, number]> = [
    ['first', from(7103000001), 200],
    ['first', from('7103000001'), 200],
    ['first', enveloped(from(7103000001)), 200],
    ['first', from(7103000002), 401],
    ['first', enveloped(from(7103000002)), 401],
    ['first', from(7103000009), 401],
    ['second', from(7103000002), 200],
    ['second-new', from(7103000002), 200],
    ['second', from(7103000003), 200],
    ['second-new', from(7103000003), 401],
    ['third', from(7103000001), 401],
    ['first', message({ typeMessage: 'hologramMessage' }, { instanceData: { idInstance: 7103000002 } }), 401],
    ['first', { typeWebhook: 'somethingNew', instanceData: { idInstance: 7103000002 } }, 401],
    ['first', journalMenuSent, 200],
    ['first', journalRecord({ instanceData: { idInstance: 7103000001 } }), 200],
    ['first', journalRecord({ instanceData: { idInstance: 7103000002 } }), 401],
    ['first', '{', 200],
    ['first', 'null', 200],
    ['first', from(null), 200],
    ['first', from(undefined), 200],
    ['first', from('__proto__'), 401],
    ['first', from('constructor'), 401]
  ]
  for (const [token, body, code] of cases) {
    const response = await post(app, body, { headers: { authorization: `Bearer ${token}` } })
    t.equal(response.statusCode, code, `${token}: ${JSON.stringify(body).slice(0, 200)}`)
    if (code === 401) t.equal(response.headers['www-authenticate'], 'Bearer')
  }
  t.equal((
    await app.inject({ method: 'POST', url: '/green-api', payload: journalMenuSent })
  ).statusCode, 401, 'without a token')
})

t.test('the route delivers nothing when the token is valid for another instance', async (t) => {
  const app = await build(t, { token: { 1: 'one', 2: 'two' } })
  app.greenApi.on('interactiveButtons', () => { t.fail('it was delivered') })
  app.greenApi.on('unrecognized', () => { t.fail('it was delivered') })
  const forged = menuSent(menu, { instanceData: { idInstance: 2 } })
  t.equal((await post(app, forged, { headers: { authorization: 'Bearer one' } })).statusCode, 401)
})
