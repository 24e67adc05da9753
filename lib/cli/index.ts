#!/usr/bin/env node
import process from 'node:process'
import { isMainModule, main } from './main.ts'

// The executable of `npx fastify-green-api`. Importing this module does not start it.

if (isMainModule(import.meta.url, process.argv)) process.exitCode = await main(process)
