export { startDev, type DevOptions, type DevServer } from './dev-server.ts'
export type { TargetStatus } from './protocol.ts'
