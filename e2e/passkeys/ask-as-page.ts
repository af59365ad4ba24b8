import type { Page } from '@playwright/test'

export type Answer = { status: number; body: Record<string, unknown> }

/** Asks the console from inside its page, with its cookies and as its own scripts do. */
export async function askAsPage(page: Page, path: string, data?: unknown): Promise<Answer> {
  return (await page.evaluate(`fetch(${JSON.stringify(path)}, ${JSON.stringify(toRequest(data))})
    .then(async (answer) => ({ status: answer.status, body: await answer.json() }))`)) as Answer
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
