import { PassThrough } from 'node:stream'

/**
 * Prints TAP without passed assertions. The last lines name each skipped test and count the results, which tap's own
 * reporters do not: `N passed, N failed`. A run without tap's totals counts as failed.
 */
export default class Reporter extends PassThrough {
  #rest = ''
  #counts = { pass: 0, fail: 1 }
  #failedFiles = 0
  #skipped = []

  _transform (chunk, encoding, done) {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop()
    done(null, lines.map((line) => this.#read(line)).join(''))
  }

  _flush (done) {
    const { pass, fail } = this.#counts
    const rest = this.#read(this.#rest)
    // tap's totals leave out a file that was killed or ran out of time.
    const failed = Math.max(fail, this.#failedFiles)
    done(null, [rest, ...this.#skipped, `${pass} passed, ${failed} failed\n`].join(''))
  }

  #read (line) {
    const totals = /^# \{ total: .*\}$/.exec(line)?.[0]
    if (totals !== undefined) this.#counts = { pass: number(totals, 'pass'), fail: number(totals, 'fail') }
    if (line.startsWith('not ok ')) this.#failedFiles++
    const [, name, reason] = /^ *ok \d+ - (.*?) # SKIP ?(.*)$/.exec(line) ?? []
    if (name !== undefined) this.#skipped.push(`skipped: ${name}${reason === '' ? '' : ` (${reason})`}\n`)
    return /^ +ok |^ +1\.\.\d|^\s*$/.test(line) ? '' : line + '\n'
  }
}

function number (text, name) {
  return Number(new RegExp(`${name}: (\\d+)`).exec(text)?.[1] ?? 0)
}
