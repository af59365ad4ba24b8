import type { ReactNode } from 'react'
import { Brand } from '../../shared/brand.tsx'
import { ThemeSwitch } from '../../shared/theme-switch.tsx'
import './sign-in-page.css'

/** The frame of what is there before anybody is signed in: one column, nothing else. `title` names the tab. */
export function SignInFrame({ title, footer, children }: { title: string; footer?: ReactNode; children: ReactNode }) {
  return (
    <>
      <title>{`${title} · Autopack Console`}</title>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="signin-top">
        <Brand />
        <ThemeSwitch />
      </header>
      <main id="main" className="signin" tabIndex={-1}>
        <div>{children}</div>
      </main>
      {footer !== undefined && <footer className="signin-foot">{footer}</footer>}
    </>
  )
}
