import { messageKinds, type MessageKind } from './kinds.ts'
import { invalid, unknownType, type RecognitionFailure } from './result.ts'
import type { ContentContext } from '../schemas/definition.ts'
import { isQuote } from '../schemas/envelopes.ts'
import type { Content } from '../schemas/values.ts'
import type { NonEmptyArray } from './type-index.ts'

/** The content of a message: what kind it is, the object that it stands in, and what that says. */
export interface Found {
  readonly kind: MessageKind
  readonly wire: Content
  readonly around: ContentContext
  readonly data: unknown
}

/**
 * Finds and reads the content of a message: of the kinds that its `typeMessage` announces the
 * first that can read what one of its members holds, else what stands flat, preferring what says
 * something to what is hollow. Where none can, says what the likeliest one misses. `path` is where
 * the content stands in the body.
 */
export function findContent (typeMessage: string, around: ContentContext, path: string): Found | RecognitionFailure {
  const kinds = messageKinds.get(typeMessage)
  if (kinds === undefined) return unknownType
  let hollow: Found | undefined
  let refusal: RecognitionFailure | undefined
  for (const kind of kinds) {
    for (const member of kind.definition.members) {
      const wire = around.content[member]
      if (wire == null) continue
      const found = readContent(kind, wire, around, `${path}/${member}`)
      if ('reason' in found) refusal ??= found
      else if (isHollow(found)) hollow ??= found
      else return found
    }
  }
  const flat = findFlatContent(kinds, around)
  if (flat !== undefined && !isHollow(flat)) return flat
  // A flat content that is hollow would pass off what was refused as empty.
  return hollow ?? refusal ?? flat ?? nothingIn(kinds, path)
}

function findFlatContent (kinds: NonEmptyArray<MessageKind>, around: ContentContext): Found | undefined {
  for (const kind of kinds) {
    if (!kind.definition.flat.some((member) => around.content[member] != null)) continue
    const found = readContent(kind, around.content, around, '')
    if ('data' in found) return found
  }
}

function isHollow ({ kind, data }: Found): boolean {
  return kind.definition.isEmpty?.(data) ?? false
}

function readContent (kind: MessageKind, value: unknown, beside: ContentContext, path: string): Found | RecognitionFailure {
  if (!kind.validator.Check(value)) return invalid(kind.validator, value, path)
  // Contents are objects, by their schemas.
  const wire = value as Content
  // Some clients put the quoted message into the content.
  const around = isQuote(wire.quotedMessage) ? { ...beside, quotedMessage: wire.quotedMessage } : beside
  const data = kind.definition.read(wire, around)
  return typeof data === 'string' ? { reason: 'invalid', errors: [{ path, message: data }] } : { kind, wire, around, data }
}

function nothingIn ([{ definition }]: NonEmptyArray<MessageKind>, path: string): RecognitionFailure {
  return { reason: 'invalid', errors: [{ path: `${path}/${definition.members[0]}`, message: 'Expected the content of the message' }] }
}
