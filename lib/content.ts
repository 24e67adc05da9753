import { messageKinds, type MessageKind } from './kinds.ts'
import { invalid, unknownType, type Refusal } from './refusal.ts'
import type { Content } from './schemas/wire.ts'

/**
 * Finds and reads the content of a message: of the kinds that its `typeMessage` announces the
 * first that can read what one of its members holds. Where none can, says what the likeliest
 * one misses. `path` is where the content stands in the body.
 */
export function findContent (typeMessage: string, content: Content, path: string): { kind: MessageKind, data: unknown } | Refusal {
  const kinds = messageKinds.get(typeMessage)
  if (kinds === undefined) return unknownType
  let refusal: Refusal | undefined
  for (const kind of kinds) {
    for (const member of kind.definition.members) {
      const wire = content[member]
      if (wire == null) continue
      if (!kind.validator.Check(wire)) {
        refusal ??= invalid(kind.validator, wire, `${path}/${member}`)
        continue
      }
      const data = kind.definition.read(wire, content)
      if (typeof data !== 'string') return { kind, data }
      refusal ??= { reason: 'invalid', errors: [{ path: `${path}/${member}`, message: data }] }
    }
  }
  return refusal ?? { reason: 'invalid', errors: [{ path: `${path}/${typeMessage}`, message: 'Expected the content of the message' }] }
}
