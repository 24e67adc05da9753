import t from 'tap'
import { recognize } from '../../lib/recognition/recognize.ts'

const file = { downloadUrl: 'https://files.example/invoice.pdf' }

for (const [title, first, expected] of [
  ['a URL', { downloadUrl: 'https://files.example/first.pdf' }, { downloadUrl: 'https://files.example/first.pdf' }],
  ['a caption', { caption: 'Your invoice' }, { downloadUrl: '', caption: 'Your invoice' }],
  ['a file name', { fileName: 'invoice.pdf' }, { downloadUrl: '', fileName: 'invoice.pdf' }],
  ['only a MIME type', { mimeType: 'application/pdf' }, file]
] as const) {
  t.test(`documentMessage is read from the first member with content when it has ${title}`, async (t) => {
    const messageData = { typeMessage: 'documentMessage', fileMessageData: first, documentMessageData: file }

    const { event } = recognize(JSON.stringify({ typeWebhook: 'incomingMessageReceived', messageData }))

    t.match(event, { name: 'documentMessage' })
    if (event.name === 'documentMessage') t.strictSame(event.data, expected)
  })
}
