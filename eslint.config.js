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
    files: ['{lib,examples,scripts}/**/*.{js,ts}'],
    rules: { '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }] }
  },
  {
    files: ['test/**/*.{js,ts}'],
    // A body or an expected text reads better in one line.
    rules: { '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true, ignoreStrings: true }] }
  },
  {
    // These files still have longer lines.
    files: [
      'test/{examples,package,slow}/**',
      'test/helpers/fixtures/shapes/**',
      'test/options.test.ts'
    ],
    rules: { '@stylistic/max-len': 'off' }
  }
]
