import { describe, expect, it } from 'vitest'
import { writeWelcome } from './welcome.ts'

const options = {
  ports: { console: 4600, controlPlane: 4601, shop: 4602 },
  ...{ origin: null, dataDir: '/there/.autopack', workspace: '/there', fresh: false },
}
const found = {
  operators: [
    { operator_id: 'op_1', name: 'admin', role: 'admin' as const, password: 'first-password' },
    { operator_id: 'op_2', name: 'viewer', role: 'viewer' as const, password: 'second-password' },
  ],
  ...{ changedPasswords: ['viewer'], seconds: 3.21, callerDir: '/there', demoFile: '/there/.autopack/secrets/demo.json', database: 'embedded' },
}

describe('writeWelcome', () => {
  it('prints a password as long as it is the one that signs in', () => {
    const text = writeWelcome({ ...options, agent: true }, found)
    expect(text).toMatch(/admin +first-password/)
    expect(text).toMatch(/viewer +\(changed since\)/)
    expect(text).not.toContain('second-password')
  })

  it('promises nothing of the demo agent, and names no log of it, when it was not started', () => {
    const told = (agent: boolean) => writeWelcome({ ...options, agent }, found)
    expect(told(true)).toContain('the demo agent really posts its listing')
    expect(told(true)).toContain('.autopack/logs/{control-plane,bff,checkpoint-writer,demo-shop,demo-agent}.log')
    expect(told(false)).toContain('The demo agent was not started')
    expect(told(false)).not.toContain('really posts its listing')
    expect(told(false)).toContain('.autopack/logs/{control-plane,bff,checkpoint-writer,demo-shop}.log')
  })
})
