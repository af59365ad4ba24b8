// Runs before the first paint, so that nobody sees the other theme flash: the stored choice, then the system.
;(() => {
  let stored = null
  try {
    stored = localStorage.getItem('theme')
  } catch {
    // Storage may be forbidden; the system's choice is good enough.
  }
  const system = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
  document.documentElement.dataset.theme = stored === 'light' || stored === 'dark' ? stored : system
})()
