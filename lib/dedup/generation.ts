import type { Identity } from '../recognition/identity.ts'

/**
 * A map of identities. Its parts are keys of their own: the ids are then as JSON was parsed into
 * them, and no longer text has to be put together, hashed and kept.
 */
export class IdentityMap<Memory> {
  size = 0
  readonly #memories: Level<Level<Level<Map<string, Memory>>>> = new Map()

  get ({ idInstance, type, state, idMessage }: Identity): Memory | undefined {
    return this.#memories.get(idInstance)?.get(type)?.get(state)?.get(idMessage)
  }

  set ({ idInstance, type, state, idMessage }: Identity, memory: Memory): void {
    const memories = below(below(below(this.#memories, idInstance), type), state)
    const before = memories.size
    memories.set(idMessage, memory)
    this.size += memories.size - before
  }
}

type Level<Below> = Map<string, Below>

function below<Below extends Map<string, unknown>> (level: Level<Below>, key: string): Below {
  const known = level.get(key)
  if (known !== undefined) return known
  // Whatever the levels below hold, they are maps.
  const made = new Map() as Below
  level.set(key, made)
  return made
}
