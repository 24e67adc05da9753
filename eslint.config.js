import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: resolveIgnoresFromGitignore() }),
  {
    rules: {
      // A schema and its type share a name.
      'no-redeclare': 'off',
      '@typescript-eslint/no-redeclare': 'off'
    }
  },
  {
    files: ['examples/board/page/*.js'],
    // A browser's names are known to the compiler, which checks these files.
    rules: { 'no-undef': 'off' }
  }
]
