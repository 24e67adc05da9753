/** Whether a promise, one that never rejects, is settled before the time is over. */
export function settlesWithin (promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false)
    promise.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
