/** Where the link is that makes the first person, in the words of what is printed. */
export function FindSetUpLink() {
  return (
    <div className="setup-how">
      <p>Nobody can sign in yet. The control plane prints a link when it starts; whoever opens it becomes the first admin.</p>
      <p>Look for this line in its terminal, or in the log of its container:</p>
      <p className="setup-line">
        <code>Set up this console (valid for 15 minutes): {location.origin}/setup#token=…</code>
      </p>
      <p className="muted">Older than 15 minutes? Restart the control plane: it prints a new one, and the old one is void.</p>
    </div>
  )
}
