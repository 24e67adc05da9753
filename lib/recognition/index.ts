export { digest, type Identity } from './identity.ts'
export { listenableNames } from './kinds.ts'
export { recognizeTraced } from './recognize-traced.ts'
export { recognize, withRevision, type RecognizedNotification } from './recognize.ts'
