import { expect, test } from 'vitest'
import { listDescriptors, listFiles } from './bundle-sizes.ts'

const manifest = {
  'index.html': { file: 'a.js', isEntry: true, imports: ['_shared.js'], css: ['a.css'], dynamicImports: ['page.tsx'] },
  '_shared.js': { file: 's.js', imports: ['index.html'] },
  'page.tsx': { file: 'p.js', imports: ['_shared.js'], css: ['p.css'] },
}

test('A chunk counts with everything it needs before it runs, once, and without what is loaded later', () => {
  expect(listFiles(manifest, 'index.html').toSorted()).toEqual(['a.css', 'a.js', 's.js'])
  expect(listFiles(manifest, 'page.tsx').toSorted()).toEqual(['a.css', 'a.js', 'p.css', 'p.js', 's.js'])
})

test('A page that the manifest does not know is an error, not a size of nothing', () => {
  expect(() => listFiles(manifest, 'gone.tsx')).toThrow('gone.tsx')
})

test('A build in which no descriptor is a file of its own is an error, not a page without descriptors', () => {
  const path = '../../packages/action-catalog/descriptors/etsy.create_listing.json'
  expect(listDescriptors({ ...manifest, [path]: { file: 'e.js' } })).toEqual(['e.js'])
  expect(() => listDescriptors(manifest)).toThrow('no descriptor')
})
