/** For HEALTHCHECK: ends with 0 when the URL answers 2xx within three seconds, and says why when it does not. */
const url = process.argv[2]
if (url === undefined) {
  process.stderr.write('ask-health: needs a URL\n')
  process.exit(2)
}
try {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(3_000) })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`status ${answer.status}`)
} catch (error) {
  process.stderr.write(`ask-health: ${url}: ${(error as Error).message}\n`)
  process.exit(1)
}
