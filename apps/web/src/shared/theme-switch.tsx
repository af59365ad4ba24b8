import { Icon } from './icon.tsx'

/** Dark or light, remembered by this browser; public/theme.js reads it before the first paint. */
export function ThemeSwitch() {
  return (
    <button
      className="btn quiet iconbtn themeswitch"
      type="button"
      aria-label="Switch theme"
      title="Switch theme"
      onClick={() => {
        const next = document.documentElement.dataset.theme === 'light' ? 'dark' : 'light'
        document.documentElement.dataset.theme = next
        try {
          localStorage.setItem('theme', next)
        } catch {
          // Without storage the choice lasts as long as the page.
        }
      }}
    >
      <Icon name="theme" />
    </button>
  )
}
