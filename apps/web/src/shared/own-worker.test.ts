import { describe, expect, it } from 'vitest'
import { allowOwn } from './own-worker.ts'

describe('allowOwn', () => {
  it.each(['/assets/document-worker-BxK_3-a1.js', '/assets/check-worker-0.js', '/src/shared/evidence/check-worker.ts?worker_file&type=module'])(
    'lets %s run',
    (address) => {
      expect(allowOwn(address)).toBe(address)
    },
  )

  it.each([
    'https://evil.example/assets/check-worker-0.js',
    '//evil.example/assets/check-worker-0.js',
    '/api/runs/r/artifacts/raw?path=/assets/check-worker-0.js',
    '/assets/../api/runs/r-worker.js',
    '/assets/index-0.js',
    'data:text/javascript,0',
    'blob:http://localhost/check-worker.js',
    '/assets/check-worker-0.js?x',
  ])('refuses %s', (address) => {
    expect(() => allowOwn(address)).toThrow(TypeError)
  })

  it('refuses whatever is no worker of this build', () => {
    expect(() => allowOwn('/api/runs/r/artifacts/raw?path=check-worker.js')).toThrow(TypeError)
  })
})
