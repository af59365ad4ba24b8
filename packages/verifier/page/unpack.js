/* Starts the script that lies deflated beside this one, so that the page stays small enough to send along. */
;(async () => {
  const tell = (words) => {
    const problem = document.getElementById('problem')
    problem.textContent = words
    problem.hidden = false
  }
  try {
    const text = document.getElementById('packed').textContent
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
    const script = document.createElement('script')
    script.textContent = await new Response(unpacked).text()
    document.body.append(script)
  } catch {
    tell('This browser is too old for this page. Take a newer one, or the command, or the Python example.')
  }
})()
