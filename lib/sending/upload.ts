/** Whether the value is the content of a file. */
export function isFile (value: unknown): value is Blob | Uint8Array<ArrayBuffer> {
  return value instanceof Blob || value instanceof Uint8Array
}

/** Converts a request of `sendFileByUpload` to a form. */
export function toForm (request: object | undefined): FormData {
  const form = new FormData()
  const { file, fileName, ...members }: Readonly<Record<string, unknown>> = { ...request }
  for (const [name, value] of Object.entries({ fileName, ...members })) {
    if (value != null) form.set(name, String(value))
  }
  if (isFile(file)) form.set('file', file instanceof Blob ? file : new Blob([file]), String(fileName))
  return form
}
