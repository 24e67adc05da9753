/** Reads the docstrings of all members of `data` with the compiler. A schema has no docstrings at run time. */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the docstring of a member of `data`. A path is, for example, `sections[].rows[].title`. */
export type Docstrings = (name: string, path: string) => string

export function memberDocstrings (): Docstrings {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const file = `${root}lib/schemas/notifications.ts`
  const program = ts.createProgram([file], options)
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  const kinds = new Map(module === undefined ? [] : checker.getExportsOfModule(module).map((kind) => [kind.name, kind]))

  return (name, path) => {
    const kind = kinds.get(name)
    if (kind === undefined) throw new Error(`the map has no event ${name}`)
    let type = checker.getTypeOfSymbol(kind)
    let docstring = ''
    for (const step of ['data', 'static', ...path.split('.')]) {
      const member = checker.getPropertyOfType(checker.getNonNullableType(type), step.replace('[]', ''))
      if (member === undefined) throw new Error(`${step} is missing in ${name}'s ${path}`)
      docstring = ts.displayPartsToString(member.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ')
      type = checker.getNonNullableType(checker.getTypeOfSymbol(member))
      if (step.endsWith('[]')) type = checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? type
    }
    return docstring
  }
}
