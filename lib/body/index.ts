export { minifyJson, quoteLongIntegers } from './json-text.ts'
export { LimitedBody, OversizedBody, type Body } from './limited-body.ts'
export {
  envelopePrefix, readReceiptId, sliceEnvelopeBody, unwrapEnvelope, unwrapInvalidEnvelope
} from './queue-envelope.ts'
