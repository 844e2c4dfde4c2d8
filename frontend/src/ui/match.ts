/**
 * How well `query` fits `text`: higher is better, null is not at all.
 *
 * A whole prefix beats the start of a word, which beats any place inside, which beats letters in order.
 */
export function score(query: string, text: string): number | null {
  const [wanted, given] = [query.trim().toLowerCase(), text.toLowerCase()]
  if (wanted === '') return 0
  if (given.startsWith(wanted)) return 100 - given.length / 100
  const at = given.indexOf(wanted)
  if (at > 0) return (/[^a-z0-9]/.test(given[at - 1] ?? '') ? 80 : 50) - at / 100
  return inOrder(wanted, given) ? 20 - given.length / 100 : null
}

function inOrder(wanted: string, given: string): boolean {
  let at = 0
  for (const letter of wanted) {
    at = given.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** The items that fit `query`, best first, in their own order where they fit alike. */
export function rank<Item>(
  items: readonly Item[],
  query: string,
  textOf: (item: Item) => string[],
): Item[] {
  if (query.trim() === '') return [...items]
  return items
    .map((item) => ({ item, best: bestOf(query, textOf(item)) }))
    .filter((each) => each.best !== null)
    .sort((a, b) => (b.best ?? 0) - (a.best ?? 0))
    .map((each) => each.item)
}

/** The first text is the name and counts in full; the others explain it and count half. */
function bestOf(query: string, texts: string[]): number | null {
  const scores = texts.map((text, index) => {
    const found = score(query, text)
    if (found === null || index === 0) return found
    return found < 50 ? null : found / 2
  })
  const found = scores.filter((each) => each !== null)
  return found.length > 0 ? Math.max(...found) : null
}
