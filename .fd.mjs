import { Store } from './lib/inbox/sqlite/store.ts'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync, statfsSync, readdirSync, statSync } from 'node:fs'
const d = '/tmp/fdx'; mkdirSync(d, { recursive: true }); execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', d])
const show = (w) => { const { bavail, bsize } = statfsSync(d); console.log(w, 'free', bavail * bsize / 1024, readdirSync(d).map(f => f + ' ' + statSync(d + '/' + f).size / 1024).join(', ')) }
try {
  writeFileSync(d + '/ballast', Buffer.alloc(1 << 20))
  let s = new Store(d + '/i.db'), n = 0
  const add = () => s.change(true, 1, () => { for (let i = 0; i < 10; i++) s.add({ key: 'k' + n++, checksum: 1, orderingKey: 'c' + n % 60, name: 'x', body: 'p'.repeat(3200) }, 1) })
  for (let e = 0; e < 3;) try { add() } catch (err) { e++; console.log(err.message, n) }
  show('full'); console.log('pending', s.pendingCount())
  try { s.close() } catch (e) { console.log(e) }
  show('closed'); rmSync(d + '/ballast'); show('freed')
  s = new Store(d + '/i.db'); show('reopened'); console.log('pending', s.pendingCount())
  for (let i = 0; i < 20; i++) try { s.change(false, 1, () => { for (const p of s.scan(0, 20)) s.remove(p.id) }) } catch (e) { console.log(i, e.cause); show('') }
  console.log('pending', s.pendingCount())
  s.close(); show('end')
} finally { execFileSync('umount', ['-l', d]) }
