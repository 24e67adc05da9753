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

interface Metric {
  readonly name: string
  readonly type: string
  readonly labelNames: readonly string[]
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly schemaVersion: number
  readonly templating: { readonly list: ReadonlyArray<{ readonly name: string }> }
  readonly panels: readonly Panel[]
}

const file = new URL('../../examples/grafana/dashboard.json', import.meta.url)
const dashboard: Dashboard = JSON.parse(readFileSync(file, 'utf8'))
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** Returns the labels of each series by its name. A histogram has three series. */
async function registeredSeries (t: Parameters<typeof build>[0]): Promise<Map<string, readonly string[]>> {
  const registry = new Registry()
  collectMetrics(await build(t), { registry })
  // The types of prom-client lack `labelNames`.
  const metrics = registry.getMetricsAsArray() as unknown as readonly Metric[]
  const series = new Map<string, readonly string[]>()
  for (const { name, type, labelNames } of metrics) {
    const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    const labels = type === 'histogram' ? [...labelNames, 'le'] : labelNames
    for (const suffix of suffixes) series.set(`${name}${suffix}`, labels)
  }
  return series
}

t.test('the dashboard has the members that Grafana imports, and no overlapping panels', async (t) => {
  t.match(dashboard, { uid: 'fastify-green-api', title: 'fastify-green-api', schemaVersion: Number })
  const ids = new Set(dashboard.panels.map(({ id }) => id))
  t.equal(ids.size, dashboard.panels.length, 'each panel has its own id')
  const taken = new Set<string>()
  for (const { title, description, gridPos: { x, y, w, h }, targets } of dashboard.panels) {
    t.ok(title !== '' && description !== '' && targets.length > 0, title)
    t.ok(x + w <= 24, 'a row has 24 columns')
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        if (taken.has(`${column} ${row}`)) t.fail(`${title} overlaps another panel`)
        taken.add(`${column} ${row}`)
      }
    }
  }
})

t.test('the expressions use only existing metrics and labels', async (t) => {
  const series = await registeredSeries(t)
  for (const expr of expressions) {
    const selectors = [...expr.matchAll(/(\bgreen_api_\w+)(?:\{([^}]*)\})?/g)]
    t.ok(selectors.length > 0, expr)
    const grouped = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, labels = '']) => labels.split(/, */))
    for (const [, name = '', selector = ''] of selectors) {
      const selected = [...selector.matchAll(/(\w+)=/g)].map(([, label = '']) => label)
      // Prometheus adds the label `job`.
      const labels = [...series.get(name) ?? [], 'job']
      t.ok(series.has(name), name)
      for (const label of [...grouped, ...selected]) t.ok(labels.includes(label), `${name} has the label ${label}`)
    }
  }
})

t.test('the dashboard shows every metric', async (t) => {
  for (const name of (await registeredSeries(t)).keys()) {
    const metric = name.replace(/_(bucket|sum|count)$/, '')
    t.ok(expressions.some((expr) => expr.includes(metric)), metric)
  }
})

t.test('the dashboard defines all its variables', async (t) => {
  const variables = JSON.stringify(dashboard).match(/\$\{?(\w+)/g)?.map((found) => found.replace(/\W/g, '')) ?? []
  const defined = dashboard.templating.list.map(({ name }) => name)
  // Grafana defines the variables that begin with `__`.
  t.strictSame([...new Set(variables)].filter((name) => !name.startsWith('__')).sort(), [...defined].sort())
})
