import { CommandLine } from '../command-line.tsx'
import { Icon } from '../icon.tsx'
import './evidence.css'

/** How somebody who does not trust this console checks the same: the verifier as one page or one command, and a second one in Python. */
export function VerifierDownload({ file = 'FILE' }: { file?: string }) {
  return (
    <div className="elsewhere">
      <p className="muted">
        The verifier is one page that needs no network and imports nothing of this console; the checks of these pages are its, too. Send it along, or
        let whoever asks get it from somewhere they trust: what this console hands out, it could also change.
      </p>
      <p className="besides">
        <a className="btn" href="/verify-evidence.html" download="verify-evidence.html">
          <Icon name="download" />
          The verifier as a page
        </a>
        <a className="btn" href="/verify-evidence.mjs" download="verify-evidence.mjs">
          <Icon name="download" />
          As a command
        </a>
      </p>
      <p>
        <CommandLine command={`node verify-evidence.mjs ${file}`} />
      </p>
      <p>
        <CommandLine command={`python3 verify_evidence.py ${file}`} />{' '}
        <span className="muted">A second implementation, in Python’s standard library alone: docs/examples of the project.</span>
      </p>
    </div>
  )
}
