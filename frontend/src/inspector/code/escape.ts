import { closeCompletion, currentCompletions } from '@codemirror/autocomplete'
import { Prec } from '@codemirror/state'
import { keymap } from '@codemirror/view'

/**
 * Ends a search for completions that shows nothing, and lets Escape go on to the inspector.
 *
 * CodeMirror keeps the key for any search that has not ended, so that a first Escape would do nothing.
 */
export const escape = Prec.highest(
  keymap.of([
    {
      key: 'Escape',
      run: (view) => {
        if (currentCompletions(view.state).length === 0) closeCompletion(view)
        return false
      },
    },
  ]),
)
