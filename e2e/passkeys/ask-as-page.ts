import type { Page } from '@playwright/test'

export type Answer = { status: number; body: Record<string, unknown> }

/** Asks the console from inside its page, with its cookies and as its own scripts do; where it says to wait, after that. */
export async function askAsPage(page: Page, path: string, data?: unknown): Promise<Answer> {
  return (await page.evaluate(`(async () => {
    for (let left = 3; ; left -= 1) {
      const answer = await fetch(${JSON.stringify(path)}, ${JSON.stringify(toRequest(data))})
      const seconds = Number(answer.headers.get('retry-after'))
      if (answer.status !== 429 || seconds === 0 || left === 0) return { status: answer.status, body: await answer.json() }
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    }
  })()`)) as Answer
}

/** The same, and an answer that is none of success is an error of the test. */
export async function expectAnswer(page: Page, path: string, data?: unknown): Promise<Record<string, unknown>> {
  const { status, body } = await askAsPage(page, path, data)
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
  return body
}

function toRequest(data: unknown): object {
  if (data === undefined) return {}
  return { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf': '1' }, body: JSON.stringify(data) }
}
