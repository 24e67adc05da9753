import { OversizedBody, type Body } from './limited-body.ts'
import { minifyJson, sliceMember } from './json-text.ts'

/**
 * The `receiptId` of an answer, digit for digit: as a number it could lose some. `undefined` where
 * the answer has none.
 *
 * What GREEN-API could not write as JSON has to be deleted as well, or it holds back all that
 * follows, so a receipt is found in any text.
 */
export function receiptIn (body: Body): string | undefined {
  if (body instanceof OversizedBody) return beforeBody(body.head)
  try {
    JSON.parse(body)
  } catch {
    return beforeBody(body) ?? afterBody(body)
  }
  const receipt = sliceMember(minifyJson(body), 'receiptId')
  return receipt === undefined ? undefined : /^"?(\d+)"?$/.exec(receipt)?.[1]
}

// Not within the body, where anybody could have written one.
function beforeBody (text: string): string | undefined {
  const [before = ''] = text.split('"body"', 1)
  return /"receiptId"\s*:\s*"?(\d+)/.exec(before)?.[1]
}

function afterBody (text: string): string | undefined {
  return /"receiptId"\s*:\s*"?(\d+)"?\s*\}\s*$/.exec(text)?.[1]
}
