export { greenApi as default, greenApi } from './plugin.ts'
