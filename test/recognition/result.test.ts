import { Type, type TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import t from 'tap'
import { mismatch } from '../../lib/recognition/result.ts'

t.test('mismatch reports at most ten errors', async (t) => {
  const validator = TypeCompiler.Compile(Type.Array(Type.String()))
  for (const [count, errors] of [[1, 1], [9, 9], [10, 10], [12, 10]] as const) {
    t.equal(mismatch(validator, Array(count).fill(5)).errors.length, errors)
  }
})

t.test('mismatch names the types of a union, and keeps the message of any other schema', async (t) => {
  const messages = (schema: TSchema) => mismatch(TypeCompiler.Compile(schema), {}).errors.map(({ message }) => message)

  t.strictSame(messages(Type.Object({ a: Type.String() })), ['Expected required property', 'Expected string'])
  t.strictSame(messages(Type.Union([Type.String(), Type.Null()])), ['Expected string or null'])
})
