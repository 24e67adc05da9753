/** Reads the environment variable PORT. Default, also if it is empty: 3000. */
export function readPort (port: string | undefined = ''): number {
  if (port === '') return 3000
  if (/^\d+$/.test(port) && Number(port) <= 65535) return Number(port)
  throw new Error(`PORT is "${port}". Set it to a whole number from 0 to 65535, such as PORT=3000.`)
}
