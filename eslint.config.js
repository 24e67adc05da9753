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
    files: ['{lib,examples}/**/*.{js,ts}'],
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
      'examples/board/page/*.js',
      'test/{examples,package,slow}/**',
      'test/helpers/fixtures/shapes/**',
      'test/options.test.ts'
    ],
    rules: { '@stylistic/max-len': 'off' }
  },
  {
    files: ['examples/board/page/*.js'],
    // A browser's names are known to the compiler, which checks these files.
    rules: { 'no-undef': 'off' }
  }
]
