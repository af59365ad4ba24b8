import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A folder for the agent to look at: names nobody could have hard-coded, licences, duplicates, ugly names. */
export function writeWorkspace(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  const word = randomBytes(4).toString('hex')
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: `workspace-${word}`, license: 'MIT' }),
    LICENSE: 'MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software\n',
    [`src/${word}.ts`]: `export const word = '${word}'\n`,
    [`src/copy-of-${word}.ts`]: `export const word = '${word}'\n`,
    'docs/my..file.txt': 'two dots are harmless\n',
    'docs/100%.txt': 'so is a percent sign\n',
    'docs/قائمة.md': '# عنوان\n',
    'data/empty.csv': '',
    'nested/package.json': JSON.stringify({ name: 'nested', license: 'Apache-2.0' }),
  }
  for (let n = 0; n < 400; n += 1)
    files[`data/rows/${n.toString().padStart(4, '0')}-${randomBytes(6).toString('hex')}.json`] = JSON.stringify({
      n,
      value: randomBytes(200).toString('base64'),
    })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
}
