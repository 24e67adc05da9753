/**
 * The bytes of a body that a platform has read and kept: on Node's request or on Fastify's, verbatim in `rawBody`,
 * otherwise parsed in `body`. `undefined` if it has kept nothing.
 */
export function findKeptBody (raw: object, request: object): Buffer | undefined {
  for (const name of ['rawBody', 'body']) {
    for (const holder of [raw, request]) {
      const bytes = bytesOf(holder, name)
      if (bytes !== undefined) return bytes
    }
  }
}

function bytesOf (holder: object, name: string): Buffer | undefined {
  try {
    const value: unknown = Reflect.get(holder, name)
    if (typeof value === 'string') return Buffer.from(value)
    if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    if (isParsed(value)) return Buffer.from(JSON.stringify(value))
  } catch {
    // Some platforms parse in a getter, which throws if the body is not JSON.
  }
}

// Only what JSON.parse can return: some platforms keep a stream in body.
function isParsed (value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value)) return true
  if (typeof value !== 'object' || value === null) return false
  // Compared by its depth, because the object can come from another realm.
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
