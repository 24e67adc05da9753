#!/usr/bin/env node
import process from 'node:process'
import { isStarted, main } from './main.ts'

// The program behind `npx fastify-green-api`: it runs where it is started, not where it is loaded.

if (isStarted(import.meta.url, process.argv)) process.exitCode = await main(process)
