import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { install } from '../../helpers/consumer.ts'

t.setTimeout(600_000)

const options: ts.CompilerOptions = {
  strict: true, noEmit: true, skipLibCheck: true, types: ['node'], target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext
}

// As users have it: its declarations, not its sources.
const { project } = await install(t)
for (const name of ['alone', 'listening', 'described', 'misleading']) cpSync(new URL(`../../helpers/fixtures/programs/${name}.ts`, import.meta.url), join(project, `${name}.ts`))
const alone = compile('alone')
const listening = compile('listening')

t.test('the programs compile', async (t) => {
  for (const program of [alone, listening]) t.strictSame(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText), [])
})

t.test('listening costs a compiler little', async (t) => {
  const cost = listening.getInstantiationCount() - alone.getInstantiationCount()
  // Registering any plugin that is typed as such costs some 105 000 of them, or most of a second.
  t.ok(cost < 60_000, `${cost} instantiations of types`)
})

t.test('an editor shows names, not what they stand for', async (t) => {
  t.strictSame(shown(listening), {
    menu: 'Event<"interactiveButtons">',
    buttons: 'readonly Button[]',
    choice: 'Event<"buttonReply">',
    status: 'ServiceEvent<"outgoingMessageStatus">',
    message: 'Event<"incomingMessageReceived">',
    event: 'Event<"webhook">'
  })
})

t.test('an editor strikes out the names of menus that are taken for taps', async (t) => {
  const file = join(project, 'misleading.ts')
  const text = readFileSync(file, 'utf8')
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      return ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, 'utf8')) : undefined
    },
    getCurrentDirectory: () => project,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile
  })

  const deprecated = service.getSuggestionDiagnostics(file).filter(({ reportsDeprecated }) => reportsDeprecated)

  t.strictSame(deprecated.map(({ start }) => /(?<=').*(?=')/.exec(text.slice(start).split('\n')[0] ?? '')?.[0]), [
    'interactiveButtonsReply', 'interactiveButtonReply'
  ])
})

t.test('an editor describes every member of every event', async (t) => {
  const program = compile('described')
  const checker = program.getTypeChecker()
  const { Events, Data } = exportsOf(program)
  const members = (type: ts.Type) => checker.getPropertiesOfType(type)
  const silent = [...members(Events), ...members(Data)].flatMap((event) => {
    return members(checker.getTypeOfSymbol(event))
      .filter((member) => member.getDocumentationComment(checker).length === 0)
      .map((member) => `${event.name}.${member.name}`)
  })
  t.strictSame(silent, [])
})

/** The types that the program's own file exports. */
function exportsOf (program: ts.Program): Record<'Events' | 'Data', ts.Type> {
  const checker = program.getTypeChecker()
  const [root] = program.getRootFileNames()
  const file = checker.getSymbolAtLocation(program.getSourceFile(String(root)) as ts.SourceFile)
  const types = checker.getExportsOfModule(file as ts.Symbol).map((symbol) => [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)])
  return Object.fromEntries(types)
}

function compile (name: string): ts.Program {
  return ts.createProgram([join(project, `${name}.ts`)], { ...options, typeRoots: [join(project, 'node_modules', '@types')] })
}

/** What each listener's parameter, and a menu's buttons, are shown as. */
function shown (program: ts.Program): Record<string, string> {
  const checker = program.getTypeChecker()
  const types: Record<string, string> = {}
  const visit = (node: ts.Node): void => {
    if ((ts.isParameter(node) && ts.isIdentifier(node.name)) || (ts.isPropertyAccessExpression(node) && node.name.text === 'buttons')) {
      types[node.name.getText()] = checker.typeToString(checker.getTypeAtLocation(node))
    }
    ts.forEachChild(node, visit)
  }
  for (const file of program.getSourceFiles()) if (/listening\.ts$/.test(file.fileName)) visit(file)
  return types
}
