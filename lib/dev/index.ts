export { startDev, type DevOptions } from './dev-server.ts'
export type { TargetStatus } from './protocol.ts'
