import { fork, type ChildProcess, type Serializable } from 'node:child_process'
import { once } from 'node:events'

/** A child process that answers each question with one message. */
export class Child<Question extends Serializable, Answer> {
  readonly #file: string
  readonly #process: ChildProcess

  /** Starts a file of this folder. */
  constructor (file: string, { flags = [], args = [] }: { flags?: readonly string[], args?: readonly string[] } = {}) {
    this.#file = file
    this.#process = fork(new URL(file, import.meta.url), args, {
      execArgv: [...flags],
      env: { ...process.env, NODE_ENV: 'production' }
    })
  }

  async ask (question: Question): Promise<Answer> {
    const over = new AbortController()
    const { signal } = over
    const answered = once(this.#process, 'message', { signal })
    const ended = once(this.#process, 'exit', { signal })
    this.#process.send(question)
    try {
      const [answer] = await Promise.race([
        answered,
        ended.then(([code]) => { throw new Error(`${this.#file} ended with ${code}`) })
      ])
      // Both sides use the types of this folder.
      return answer as Answer
    } finally {
      for (const waiting of [answered, ended]) waiting.catch(() => {})
      over.abort()
    }
  }

  async stop (): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill()
    await ended
  }
}
