const rooms = [
  'body', 'builders', 'cli', 'dedup', 'delivery', 'dev', 'diagnostics', 'emulator', 'events', 'green-api', 'http', 'inbox', 'metrics',
  'polling', 'recognition', 'schemas', 'sending', 'testing', 'util'
]

export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'header-max-length': [2, 'always', 72],
    // A room of lib, or a part of the repository beside it.
    'scope-enum': [2, 'always', [...rooms, 'bench', 'ci', 'deps', 'deps-dev', 'docs', 'examples', 'release']]
  }
}
