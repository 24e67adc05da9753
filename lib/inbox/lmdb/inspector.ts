import { statSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { messageOf } from '../../message-of.ts'
import type { Finding } from './owner.ts'
import { databases, environment } from './store.ts'

// A program: reads the environment in the folder it is given, all of it, and prints what it found.

const [, , folder] = process.argv
if (folder !== undefined) process.stdout.write(JSON.stringify(await find(folder)))

async function find (folder: string): Promise<Finding> {
  const { size } = statSync(join(folder, 'data.mdb'))
  // Whoever made it ended before anything was written.
  if (size === 0) return { sound: true }
  try {
    const root = open({ path: folder, ...environment, readOnly: true })
    root.get('')
    const [other] = [...root.readerList().matchAll(/^ *(\d+) /gm)].map(([, pid]) => Number(pid)).filter((pid) => pid !== process.pid)
    if (other !== undefined) return { usedBy: other }
    const damage = findDamage(root, size)
    await root.close()
    return damage === undefined ? { sound: true } : { damage }
  } catch (error) {
    return { damage: messageOf(error) }
  }
}

function findDamage (root: RootDatabase, size: number): string | undefined {
  const { lastPageNumber, pageSize } = root.getStats() as { lastPageNumber: number, pageSize: number }
  if ((lastPageNumber + 1) * pageSize > size) return `its file has ${size} bytes of ${(lastPageNumber + 1) * pageSize}`
  for (const name of new Set(root.getKeys())) {
    if (!databases.some((known) => known === name)) return `it holds "${String(name)}", which no inbox does`
  }
  for (const name of databases.filter((name) => root.doesExist(name))) {
    const dupSort = name === 'passed' || name === 'dead-keys'
    const database = root.openDB({ name, dupSort, encoding: dupSort ? 'ordered-binary' : name.startsWith('seen') ? 'string' : 'msgpack' })
    const { entryCount } = database.getStats() as { entryCount: number }
    let read = 0
    for (const { value } of database.getRange()) if (value !== undefined) read++
    if (read !== entryCount) return `of ${entryCount} entries of "${name}" ${read} can be read`
  }
}
