import { statSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { errorMessage } from '../../util/error-message.ts'
import { countOf } from './entry-count.ts'
import type { Finding } from './integrity-check.ts'
import { databases, environment, findOtherReader } from './store.ts'

// A program: reads the environment in the folder it is given, all of it, and tells what it found.

const [, , folder] = process.argv
if (folder !== undefined) process.send?.(await find(folder))

async function find (folder: string): Promise<Finding> {
  const { size } = statSync(join(folder, 'data.mdb'))
  // Whoever made it ended before anything was written.
  if (size === 0) return { sound: true }
  try {
    const root = open({ path: folder, ...environment, readOnly: true })
    const other = findOtherReader(root)
    const finding = other === undefined ? read(root) : { usedBy: other }
    await root.close()
    return finding
  } catch (error) {
    // LMDB's own codes are below 0, those of the system above.
    const damaged = error instanceof Error && 'code' in error && Number(error.code) < 0
    return damaged ? { damage: errorMessage(error) } : { trouble: errorMessage(error) }
  }
}

function read (root: RootDatabase): Finding {
  // All of them first: to open a database ends the transaction that they are read in.
  const keys = [...root.getKeys()]
  if (keys.length !== countOf(root)) return { damage: `of its ${countOf(root)} databases ${keys.length} can be read` }
  for (const key of keys) {
    const name = databases.find((known) => known === key)
    if (name === undefined) return { damage: `it holds "${String(key)}", which no inbox does` }
    const dupSort = name === 'passed' || name === 'dead-keys'
    const database = root.openDB({ name, dupSort, encoding: dupSort ? 'ordered-binary' : name.startsWith('seen') ? 'string' : 'msgpack' })
    const entryCount = countOf(database)
    let count = 0
    for (const { value } of database.getRange()) if (value !== undefined) count++
    if (count !== entryCount) return { damage: `of ${entryCount} entries of "${name}" ${count} can be read` }
  }
  return { sound: true }
}
