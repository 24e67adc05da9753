/** Whether a promise settles before the time is over. The promise must not reject. */
export function settlesWithin (promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false)
    promise.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
