import type { ContentContext } from '../schemas/definition.ts'
import { isQuote } from '../schemas/envelopes.ts'
import type { Content } from '../schemas/values.ts'
import { messageKinds, type MessageKind, type NonEmptyArray } from './kinds.ts'
import { invalid, mismatch, unknownType, type RecognitionFailure } from './result.ts'

/** The content of a message, and the object that it was read from. */
export interface FoundContent {
  readonly kind: MessageKind
  readonly wire: Content
  readonly context: ContentContext
  readonly data: unknown
}

/**
 * Finds and reads the content of a message.
 *
 * Of the kinds that `typeMessage` can announce, the first that can read one of its members wins, then the first that
 * can read the members of `context.content` itself. Empty content is taken only if nothing else is found. If no kind
 * can read any, the failure is that of the likeliest kind. `path` is the JSON pointer of `context.content` in the body.
 */
export function findContent (
  typeMessage: string, context: ContentContext, path: string
): FoundContent | RecognitionFailure {
  const kinds = messageKinds.get(typeMessage)
  if (kinds === undefined) return unknownType
  let empty: FoundContent | undefined
  let failure: RecognitionFailure | undefined
  for (const kind of kinds) {
    for (const member of kind.definition.members) {
      const wire = context.content[member]
      if (wire == null) continue
      const found = readContent(kind, wire, context, `${path}/${member}`)
      if ('reason' in found) failure ??= found
      else if (isEmpty(found)) empty ??= found
      else return found
    }
  }
  const flat = findFlatContent(kinds, context)
  if (flat !== undefined && !isEmpty(flat)) return flat
  // A failure goes before empty flat content: else invalid content would pass as empty.
  return empty ?? failure ?? flat ?? missing(kinds, path)
}

function readContent (
  kind: MessageKind, value: unknown, outer: ContentContext, path: string
): FoundContent | RecognitionFailure {
  const validator = kind.validator()
  if (!validator.Check(value)) return mismatch(validator, value, path)
  // The schemas of contents are objects.
  const wire = value as Content
  // Some clients put the quoted message into the content.
  const context = isQuote(wire.quotedMessage) ? { ...outer, quotedMessage: wire.quotedMessage } : outer
  const data = kind.definition.read(wire, context)
  return typeof data === 'string' ? invalid(path, data) : { kind, wire, context, data }
}

function isEmpty ({ kind, data }: FoundContent): boolean {
  return kind.definition.isEmpty?.(data) ?? false
}

function findFlatContent (kinds: NonEmptyArray<MessageKind>, context: ContentContext): FoundContent | undefined {
  for (const kind of kinds) {
    if (!kind.definition.flat.some((member) => context.content[member] != null)) continue
    const found = readContent(kind, context.content, context, '')
    if ('data' in found) return found
  }
}

function missing ([{ definition }]: NonEmptyArray<MessageKind>, path: string): RecognitionFailure {
  return invalid(`${path}/${definition.members[0]}`, 'Expected the content of the message')
}
