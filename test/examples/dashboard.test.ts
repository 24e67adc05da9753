import { readFileSync } from 'node:fs'
import { collectMetrics } from 'fastify-green-api/metrics'
import { Registry } from 'prom-client'
import t from 'tap'
import { build } from '../helpers/app.ts'

interface Panel {
  readonly id: number
  readonly title: string
  readonly description: string
  readonly gridPos: { readonly x: number, readonly y: number, readonly w: number, readonly h: number }
  readonly targets: ReadonlyArray<{ readonly refId: string, readonly expr: string }>
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly schemaVersion: number
  readonly templating: { readonly list: ReadonlyArray<{ readonly name: string }> }
  readonly panels: readonly Panel[]
}

const dashboard: Dashboard = JSON.parse(readFileSync(new URL('../../examples/grafana/dashboard.json', import.meta.url), 'utf8'))
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** The series of each metric, by name, with their labels; those of a histogram are three. */
async function registered (t: Parameters<typeof build>[0]): Promise<Map<string, readonly string[]>> {
  const registry = new Registry()
  collectMetrics(await build(t), { registry })
  // What prom-client keeps of a metric besides what its types tell.
  const metrics = registry.getMetricsAsArray() as unknown as ReadonlyArray<{ name: string, type: string, labelNames: string[] }>
  const series = new Map<string, readonly string[]>()
  for (const { name, type, labelNames } of metrics) {
    if (type === 'histogram') for (const kind of ['bucket', 'sum', 'count']) series.set(`${name}_${kind}`, [...labelNames, 'le'])
    else series.set(name, labelNames)
  }
  return series
}

t.test('the dashboard is one that Grafana imports', async (t) => {
  t.match(dashboard, { uid: 'fastify-green-api', title: 'fastify-green-api', schemaVersion: Number })
  t.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length, 'each panel has an id of its own')
  const taken = new Set<string>()
  for (const { title, description, gridPos: { x, y, w, h }, targets } of dashboard.panels) {
    t.ok(title !== '' && description !== '' && targets.length > 0, title)
    t.ok(x + w <= 24, 'a row has 24 columns')
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        if (taken.has(`${column} ${row}`)) t.fail(`${title} lies on another panel`)
        taken.add(`${column} ${row}`)
      }
    }
  }
})

t.test('its expressions name metrics that there are, with labels that these have', async (t) => {
  const series = await registered(t)
  for (const expr of expressions) {
    const selectors = [...expr.matchAll(/(\bgreen_api_\w+)(?:\{([^}]*)\})?/g)]
    t.ok(selectors.length > 0, expr)
    const grouped = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, labels = '']) => labels.split(/, */))
    for (const [, name = '', selector = ''] of selectors) {
      const selected = [...selector.matchAll(/(\w+)=/g)].map(([, label = '']) => label)
      // The job is Prometheus' own.
      const labels = [...series.get(name) ?? [], 'job']
      t.ok(series.has(name), name)
      for (const label of [...grouped, ...selected]) t.ok(labels.includes(label), `${name} has the label ${label}`)
    }
  }
})

t.test('every metric is shown', async (t) => {
  for (const name of (await registered(t)).keys()) {
    const metric = name.replace(/_(bucket|sum|count)$/, '')
    t.ok(expressions.some((expr) => expr.includes(metric)), metric)
  }
})

t.test('its variables are all defined', async (t) => {
  const variables = JSON.stringify(dashboard).match(/\$\{?(\w+)/g)?.map((found) => found.replace(/\W/g, '')) ?? []
  const defined = dashboard.templating.list.map(({ name }) => name)
  // Those that begin with __ are Grafana's.
  t.strictSame([...new Set(variables)].filter((name) => !name.startsWith('__')).sort(), [...defined].sort())
})
