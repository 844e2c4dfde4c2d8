import { EditorView } from '@codemirror/view'

/**
 * Replaces a selection by what is typed, in the browser's stead.
 *
 * Chromium would give the new text the colours of the old as an inline style, which the page's
 * policy refuses, with an error in the console.
 */
export const typeOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { from, to, empty } = view.state.selection.main
    const { data } = event
    if (event.inputType !== 'insertText' || event.isComposing || empty || data === null)
      return false
    const insert = () =>
      view.state.update(view.state.replaceSelection(data), {
        userEvent: 'input.type',
        scrollIntoView: true,
      })
    const taken = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, from, to, data, insert))
    if (!taken) view.dispatch(insert())
    event.preventDefault()
    return true
  },
})
