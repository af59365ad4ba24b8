import { Component, type ReactNode } from 'react'
import { Icon } from '../shared/icon.tsx'

/** One page may break; the bar above it and every other page stay. Give it the path as `key`, so that another page starts afresh. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <div className="banner" data-s="failed" role="alert">
        <Icon name="failed" />
        <p>
          <strong>This page failed to draw.</strong> Nothing was changed by that. If the console was updated meanwhile, reloading brings the new
          version; every other page still works.
        </p>
        <span className="end">
          <button className="btn" type="button" onClick={() => window.location.reload()}>
            Reload
          </button>
        </span>
      </div>
    )
  }
}
