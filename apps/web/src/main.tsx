// First of all imports: zod probes for `new Function` at its first parse, which the content policy forbids and reports.
import './shared/zod-without-eval.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './app/app.tsx'
import { queryClient } from './shared/query-client.ts'
import './shared/design/tokens.css'
import './shared/page.css'
import './shared/controls/marks.css'
import './shared/controls/buttons.css'
import './shared/controls/fields.css'
import './shared/controls/switches.css'
import './shared/controls/tables.css'
import './shared/controls/gauges.css'
import './shared/controls/page-states.css'
import './shared/controls/dialogs.css'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
)
