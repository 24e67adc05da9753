import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { install, manifest } from '../../helpers/consumer.ts'

t.setTimeout(600_000)

const { ModuleKind, ModuleResolutionKind } = ts

const resolutions: Record<string, ts.CompilerOptions> = {
  // TypeScript 6 reports node10 as deprecated.
  node10: { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10, ignoreDeprecations: '6.0' },
  node16: { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 },
  nodenext: { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }
}

const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')
const imports = subpaths.map((subpath, index) => {
  return `import * as entry${index} from '${subpath.replace('.', 'fastify-green-api')}'
export const names${index}: Array<keyof typeof entry${index}> = []`
})

const use = `
import Fastify from 'fastify'
import { greenApi } from 'fastify-green-api'
const app = Fastify()
app.register(greenApi, { token: 'secret' })
app.greenApi.on('interactiveButtons', ({ data }) => { console.log(data.buttons[0]?.type.toUpperCase()) })
`

t.test('TypeScript finds every entry point', async (t) => {
  const { project } = await install(t)
  const file = join(project, 'main.ts')
  writeFileSync(file, [...imports, use].join('\n'))
  for (const [name, resolution] of Object.entries(resolutions)) {
    const options = {
      ...resolution, strict: true, noEmit: true, skipLibCheck: true, types: ['node'], target: ts.ScriptTarget.ES2023
    }
    const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options))
    t.strictSame(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')), [], name)
  }
})
