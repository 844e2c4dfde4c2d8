import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { applyTheme } from './ui/theme'
import './ui/tokens.css'
import './ui/base.css'
import './ui/kit.css'

applyTheme()

const root = document.getElementById('root')
if (!root) throw new Error('The page has no element called “root”.')
createRoot(root).render(<App />)
