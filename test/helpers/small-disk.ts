import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Why a test that mounts a disk is skipped; `false` if this process may mount one. */
export const withoutDisks = process.platform !== 'linux' || process.getuid?.() !== 0
  ? 'needs to mount a small disk: run this test as root on Linux'
  : false

/** Mounts a disk in memory, and returns its folder. It is removed at the end of the test. */
export function mountDisk (t: Test, size: string): string {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'))
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path])
  t.teardown(() => {
    if (status === 0) execFileSync('umount', ['--lazy', path])
    rmSync(path, { recursive: true, force: true })
  })
  if (status !== 0) throw new Error(`cannot mount a disk: ${stderr}`)
  return path
}

/** Makes a mounted disk writable or not. */
export function remount (path: string, access: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${access}`, path])
}
