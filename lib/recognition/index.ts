export { idNames } from './id-names.ts'
export { digest, type Identity } from './identity.ts'
export { recognizeTraced } from './recognize-traced.ts'
export { recognize, withRevision, type RecognizedNotification } from './recognize.ts'
