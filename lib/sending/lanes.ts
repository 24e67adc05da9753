/** Runs tasks with the same key one after another, and all others at the same time. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>()

  /** Resolves or rejects as the task does. A task that fails does not stop the next. */
  async run<Result> (key: string, task: () => Promise<Result>): Promise<Result> {
    const result = (this.#tails.get(key) ?? Promise.resolve()).then(task)
    const tail = result.then(() => {}, () => {}).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    })
    this.#tails.set(key, tail)
    return await result
  }
}
