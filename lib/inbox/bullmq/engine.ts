// What needs the packages `bullmq` and `ioredis`. The inbox imports it when it is opened, so that a missing package is
// reported by this package and not by Node.
export { WaitingError } from 'bullmq'
export { checkServer, handshakeRefusal } from './check-server.ts'
export { commandTimeoutMs, connect, firstAttempt } from './connection.ts'
export { DeadLetters } from './dead-letters.ts'
export { JobWriter } from './job-writer.ts'
export { openQueue, PacedWorker } from './queue.ts'
