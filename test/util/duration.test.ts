import t from 'tap'
import { InvalidOptionError } from 'fastify-green-api'
import { parseDuration } from '../../lib/util/duration.ts'

t.test('parseDuration returns milliseconds', async (t) => {
  const durations = [[0, 0], [250, 250], ['250 ms', 250], ['30 s', 30_000], ['5min', 300_000], ['1.5 h', 5_400_000], ['42', 42]]
  for (const [duration, milliseconds] of durations) t.equal(parseDuration(duration, 'every'), milliseconds)
})

t.test('parseDuration throws when it is not a duration', async (t) => {
  for (const duration of ['', '5 minutes', 'min', '-5 min', '5 MIN', -1, Infinity, NaN, null, {}, true, '5 min 3 s']) {
    t.throws(() => parseDuration(duration, 'every'), InvalidOptionError, String(duration))
  }
  t.throws(() => parseDuration('5 m', 'every'), {
    message: 'every must be a duration, such as "5 min", "24 h" or 300000 (milliseconds). The units are ms, s, min and h'
  })
})
