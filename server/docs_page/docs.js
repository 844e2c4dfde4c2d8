// Draws the OpenAPI document as a readable page, without a library: the schema is small and the page's policy strict.

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children)
  return node
}

function resolve(schema, root) {
  const path = schema?.$ref?.slice(2).split('/')
  return path ? path.reduce((found, part) => found[part], root) : (schema ?? {})
}

/** One line that names a schema: `string`, `[WorkflowSummary]`, `json | text`. */
function named(schema = {}) {
  if (schema.$ref) return schema.$ref.split('/').pop()
  if (schema.allOf?.length === 1) return named(schema.allOf[0])
  const options = schema.oneOf ?? schema.anyOf
  if (options) return options.map(named).join(' | ')
  if (schema.enum) return schema.enum.map(String).join(' | ')
  if (schema.type === 'array') return `[${named(schema.items)}]`
  return [schema.type ?? 'any'].flat().join(' | ')
}

function table(rows) {
  const body = rows.map(([name, type, text]) =>
    element('tr', {}, element('td', {}, element('code', {}, name)), element('td', {}, type), element('td', {}, text)))
  return element('table', {}, element('tbody', {}, ...body))
}

function fields(schema, root) {
  const { properties = {}, required = [] } = resolve(schema, root)
  return table(Object.entries(properties).map(([name, field]) =>
    [required.includes(name) ? `${name} *` : name, named(field), field.description ?? '']))
}

function section(title, ...content) {
  return element('section', {}, element('h4', {}, title), ...content)
}

function answers(responses, root) {
  return Object.entries(responses).map(([status, answer]) => {
    const [type, media] = Object.entries(answer.content ?? {})[0] ?? []
    const title = `${status}${type ? ` ${type}` : ''}`
    return media && /^\d+$/.test(status)
      ? section(`${title} ${named(media.schema)}`, fields(media.schema, root))
      : section(title, element('p', {}, answer.description ?? ''))
  })
}

function operation(path, method, spec, root) {
  const parts = []
  if (spec.description) parts.push(element('p', {}, spec.description))
  if (spec.parameters?.length) {
    parts.push(section('Parameters', table(spec.parameters.map((one) =>
      [one.required ? `${one.name} *` : one.name, `${one.in}, ${named(one.schema)}`, one.description ?? '']))))
  }
  const body = spec.requestBody?.content?.['application/json']
  if (body) parts.push(section(`Body ${named(body.schema)}`, fields(body.schema, root)))
  parts.push(...answers(spec.responses, root))
  const summary = element('summary', {},
    element('span', { class: `method ${method}` }, method.toUpperCase()), element('code', {}, path),
    element('span', { class: 'what' }, spec.summary ?? ''))
  return element('details', { id: spec.operationId }, summary, ...parts)
}

function groups(root) {
  const byTag = new Map()
  for (const [path, item] of Object.entries(root.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const tag = item[method].tags?.[0] ?? ''
      byTag.set(tag, [...(byTag.get(tag) ?? []), operation(path, method, item[method], root)])
    }
  }
  return byTag
}

async function show() {
  const root = await (await fetch('/api/schema/')).json()
  const sections = [...groups(root)].map(([tag, operations]) => element('section', {}, element('h2', {}, tag), ...operations))
  document.getElementById('operations').replaceChildren(...sections)
  document.getElementById(location.hash.slice(1))?.setAttribute('open', '')
}

show().catch((error) => { document.getElementById('operations').textContent = `The document could not be shown: ${error.message}` })
