import { createServer } from 'node:http'
import { host } from '../request.ts'
import { serve } from './serve.ts'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => { chunks.push(chunk) })
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString())
    response.writeHead(200, { 'content-length': 0 }).end()
  })
})

server.listen(0, host, () => { serve(server) })
