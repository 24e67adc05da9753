export { createRecoveries, type RecoverySource } from './create-recoveries.ts'
export { isMissingJournal, journalMethods, readJournal } from './journals.ts'
export { resolveRecover, type CredentialsLookup, type InstanceCredentials, type RecoverOptions } from './options.ts'
